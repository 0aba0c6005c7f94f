"""The same equations as OMML (ISO/IEC 29500-1, 22.1), which Word and LibreOffice draw, and in which one can go on writing.

For the elements of MathML that the equations of this project use; another one raises ``ValueError``.
"""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml import etree

from genmodels.export.report.brackets import group
from genmodels.export.report.direction import direction
from genmodels.export.report.mathml import tree

BRACE = "\u23df"  # a curly bracket below
# What MathML writes over a letter with one of its own, as ^, OMML has as a combining one.
ACCENTS = {"^": "\u0302", "~": "\u0303", "¯": "\u0305", "―": "\u0305", "→": "\u20d7"}
BARE = {"|": "\u2223"}  # a stroke that is no bracket: LibreOffice takes the other for "or"
WIDTHS = {"0.167em": "\u2009", "0.278em": "\u2005", "1em": "\u2003"}  # spaces by their width


def omml(latex: str, display: bool = False) -> BaseOxmlElement:
    """The element ``m:oMath``, or, on a line of its own, ``m:oMathPara`` with it."""
    drawn = tree(latex, display)
    group(drawn)
    math = _element("m:oMath", *_children(drawn))
    return _element("m:oMathPara", math) if display else math


def _element(name: str, *children: BaseOxmlElement, **values: str) -> BaseOxmlElement:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"m:{key}"), value)
    made.extend(children)
    return made


def _children(element: etree._Element) -> list[BaseOxmlElement]:
    return [part for child in element for part in _converted(child)]


def _argument(name: str, element: etree._Element) -> BaseOxmlElement:
    return _element(f"m:{name}", *_converted(element))


def _converted(element: etree._Element) -> list[BaseOxmlElement]:
    match element.tag:
        case "mrow" | "mstyle" | "mpadded" | "math":
            return _children(element)
        case "mtext":
            return [_run(element.text or "", upright=True, words=True)]
        case "mi" if not element.text:  # before a sign that begins a cell: LibreOffice demands a term there
            return [_run("\u200b", upright=True, words=True)]
        case "mi" | "mn" | "mo":
            text = element.text or ""
            return [_run(BARE.get(text, text), upright=_is_upright(element), words=_is_name(text))]
        case "mfenced":
            signs = _element("m:begChr", val=element.get("open")), _element("m:endChr", val=element.get("close"))
            return [_element("m:d", _element("m:dPr", *signs), _element("m:e", *_children(element)))]
        case "mspace":
            return [_run(WIDTHS.get(element.get("width", ""), " "), upright=True)]
        case "mphantom":
            properties = _element("m:phantPr", _element("m:show", val="0"))
            if element.getparent().get("width", "").startswith("0"):  # of a strut, which is high alone
                properties.append(_element("m:zeroWid"))
            return [_element("m:phant", properties, _element("m:e", *_children(element)))]
        case "mfrac":
            return [_element("m:f", _argument("num", element[0]), _argument("den", element[1]))]
        case "msub":
            return [_element("m:sSub", _argument("e", element[0]), _argument("sub", element[1]))]
        case "msup":
            return [_element("m:sSup", _argument("e", element[0]), _argument("sup", element[1]))]
        case "msubsup":
            parts = zip(("e", "sub", "sup"), element, strict=True)
            return [_element("m:sSubSup", *(_argument(name, part) for name, part in parts))]
        case "munder" if element[1].text == BRACE:
            properties = _element("m:groupChrPr", _element("m:chr", val=BRACE), _element("m:pos", val="bot"))
            return [_element("m:groupChr", properties, _argument("e", element[0]))]
        case "munder":
            return [_element("m:limLow", _argument("e", element[0]), _argument("lim", element[1]))]
        case "mover" if element[1].text in ACCENTS or element.get("accent") == "true":
            accent = ACCENTS.get(element[1].text or "", element[1].text or "")
            return [_element("m:acc", _element("m:accPr", _element("m:chr", val=accent)), _argument("e", element[0]))]
        case "mover":
            return [_element("m:limUpp", _argument("e", element[0]), _argument("lim", element[1]))]
        case "munderover":
            below = _element("m:limLow", _argument("e", element[0]), _argument("lim", element[1]))
            return [_element("m:limUpp", _element("m:e", below), _argument("lim", element[2]))]
        case "msqrt":
            hidden = _element("m:radPr", _element("m:degHide", val="1"))
            return [_element("m:rad", hidden, _element("m:deg"), _element("m:e", *_children(element)))]
        case "mroot":
            return [_element("m:rad", _argument("deg", element[1]), _argument("e", element[0]))]
        case "mtable":
            return [_matrix(element)]
    raise ValueError(f"<{element.tag}> has no counterpart in OMML yet")


def _matrix(table: etree._Element) -> BaseOxmlElement:
    """Its columns are aligned as they are in the longest row, which all others are as long as."""
    longest = max(table, key=len)
    columns = [
        _element("m:mcPr", _element("m:count", val="1"), _element("m:mcJc", val=cell.get("columnalign", "center")))
        for cell in longest
    ]
    properties = [_element("m:mcs", *(_element("m:mc", column) for column in columns))]
    if table.get("columnspacing", "").startswith("0"):  # of equations below each other
        properties[:0] = [_element("m:cGpRule", val="3"), _element("m:cGp", val="0")]
    rows = [
        _element(
            "m:mr",
            *(_element("m:e", *_children(cell)) for cell in row),
            *(_element("m:e") for missing in longest[len(row) :]),
        )
        for row in table
    ]
    return _element("m:m", _element("m:mPr", *properties), *rows)


def _is_upright(element: etree._Element) -> bool:
    """A variable is italic; the name of a function, a number, an operator and a text are not."""
    return element.tag != "mi" or len(element.text or "") > 1 or element.get("mathvariant") == "normal"


def _is_name(text: str) -> bool:
    """Such as that of a function; to LibreOffice, letters that are no words are a product of variables."""
    return len(text) > 1 and text[0].isalpha()


def _run(text: str, upright: bool, words: bool = False) -> BaseOxmlElement:
    """Letters of an equation; ``words``: a text in it, whose letters are joined as in any other, Persian ones from the right."""
    fonts = OxmlElement("w:rFonts")
    for kind, font in {"ascii": "Cambria Math", "hAnsi": "Cambria Math", "cs": "Arial"}.items():
        fonts.set(qn(f"w:{kind}"), font)
    outer = OxmlElement("w:rPr")
    outer.append(fonts)
    content = _element("m:t")
    content.text = text
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    if direction(text) == "rtl":
        outer.append(OxmlElement("w:rtl"))
    style = [_element("m:nor") if words else _element("m:sty", val="p")] if upright else []
    return _element("m:r", *(_element("m:rPr", part) for part in style), outer, content)
