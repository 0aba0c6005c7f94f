"""Equations as MathML, which browsers draw without a script, from the LaTeX that the explanations have."""

import re
import unicodedata
from functools import lru_cache

from latex2mathml.converter import convert
from lxml import etree

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
ROWS = {"math", "mrow", "mstyle", "mpadded", "mphantom", "msqrt", "mtd"}  # of any number of terms
SCRIPTS = {"msub", "msup", "msubsup"}
LIMITS = {"min", "max", "arg\u2009min", "arg\u2009max"}  # what stands under them in a displayed equation
# What an equation may consist of, which may be anyone's: the converter lets HTML and links pass.
ELEMENTS = {
    *("math", "mrow", "mstyle", "mpadded", "mphantom", "mspace", "mi", "mn", "mo", "mtext", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}
ATTRIBUTES = {
    *("display", "displaystyle", "scriptlevel", "mathvariant", "width", "height", "depth", "accent", "stretchy"),
    *("minsize", "maxsize", "fence", "form", "separator", "movablelimits", "lspace", "rspace", "linethickness"),
    *("columnalign", "columnspacing", "rowspacing"),
}
# What the converter does not know, or not as brackets that grow with what is in them, in what it knows.
SPACED = r"arg\s*(?:\\[,;:!]\s*)?"
ARG = re.compile(rf"\\{SPACED}\\(max|min)(?![A-Za-z])|\\operatorname\*?\{{\s*{SPACED}(max|min)\s*\}}")
ENVIRONMENTS = {
    "aligned": (r"\begin{split}", r"\end{split}"),
    "cases": (r"\left\{\begin{array}{ll}", r"\end{array}\right."),
    "pmatrix": (r"\left(\begin{matrix}", r"\end{matrix}\right)"),
    "bmatrix": (r"\left[\begin{matrix}", r"\end{matrix}\right]"),
    "vmatrix": (r"\left|\begin{matrix}", r"\end{matrix}\right|"),
}
# Browsers know the letters of these alphabets, and no longer the attribute that asked for them (MathML Core, 2.2.1).
ALPHABETS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT"}


@lru_cache(512)
def mathml(latex: str, display: bool = False) -> str:
    """The element ``math``, as text; ``display``: on a line of its own. Raises ``ValueError`` for what is not understood."""
    return etree.tostring(tree(latex, display), encoding="unicode")


def tree(latex: str, display: bool = False) -> etree._Element:
    """The same as an element, without a namespace, which HTML does without."""
    made = convert(_known(latex), display="block" if display else "inline")
    root = etree.fromstring(made.replace(f' xmlns="{NAMESPACE}"', ""))
    for element in root.iter():
        if element.tag not in ELEMENTS or not ATTRIBUTES.issuperset(element.attrib):
            raise ValueError(f"<{element.tag}> of {latex} is not understood")
        _write_out_alphabet(element)
        if element.tag == "mi" and element.text == "~":  # which LibreOffice takes for a space
            element.tag, element.text = "mo", "\u223c"
        if "\\" in (element.text or ""):
            raise ValueError(f"{element.text} is not understood in {latex}")
    if display:
        _put_limits_below(root)
    _space_functions(root)
    _join_names(root)
    return root


def _known(latex: str) -> str:
    latex = ARG.sub(r"\\arg\1\2 ", latex)
    for name, (begin, end) in ENVIRONMENTS.items():
        latex = latex.replace(rf"\begin{{{name}}}", begin).replace(rf"\end{{{name}}}", end)
    return latex


def _write_out_alphabet(element: etree._Element) -> None:
    if alphabet := ALPHABETS.get(element.get("mathvariant", "")):
        element.text = "".join(_letter(alphabet, letter) for letter in element.text or "")
        del element.attrib["mathvariant"]
        element.set("mathvariant", "normal")  # the letter is the style


def _letter(alphabet: str, letter: str) -> str:
    case = "CAPITAL" if letter.isupper() else "SMALL"
    for pattern in (f"{alphabet} {case} {letter.upper()}", f"MATHEMATICAL {alphabet} {case} {letter.upper()}"):
        try:
            return unicodedata.lookup(pattern)  # a few letters came into Unicode before their alphabets
        except KeyError:
            continue
    raise ValueError(f"There is no {alphabet.lower()} {letter}")


def _put_limits_below(root: etree._Element) -> None:
    for element in root.iter("msub"):
        if element[0].text in LIMITS:
            element.tag = "munder"


def _space_functions(root: etree._Element) -> None:
    """A thin space around the name of a function, but for an argument in brackets: a log p, log(p)."""
    for element in list(root.iter()):
        called = element[0] if element.tag in ("munder", "msub") and len(element) else element
        if not _is_function(called) or element.getparent().tag not in ("mrow", "math"):
            continue
        before, after = element.getprevious(), element.getnext()
        if after is not None and after.text != "(":
            element.addnext(_thin_space())
        if before is not None and before.tag not in ("mo", "mspace"):
            element.addprevious(_thin_space())


def _is_function(element: etree._Element) -> bool:
    name = (element.text or "").replace("\u2009", "")  # as in arg max
    return element.tag in ("mi", "mo") and len(name) > 1 and name.isalpha()


def _join_names(root: etree._Element) -> None:
    """Upright letters in a row, or capitals, are one name, such as ELBO, and no product."""
    for element in list(root.iter("mi")):
        parent = element.getparent()
        first = parent if parent.tag in SCRIPTS and parent[0] is element else element  # an index is then the name's
        before = first.getprevious() if first.getparent().tag in ROWS else None
        if before is not None and _kind_of_name(before) == _kind_of_name(element) is not None:
            element.text = f"{before.text}{element.text}"
            before.getparent().remove(before)


def _kind_of_name(element: etree._Element) -> str | None:
    """What letters of one name have in common."""
    text = element.text or ""
    if element.tag != "mi" or not (text.isascii() and text.isalpha()):
        return None
    return element.get("mathvariant", "capitals" if text.isupper() else None)


def _thin_space() -> etree._Element:
    return etree.Element("mspace", width="0.167em")
