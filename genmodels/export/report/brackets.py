"""Brackets in an equation with what is between them. A browser needs no pairs; Word and LibreOffice do: to them a power is that of
a whole group, and a stroke that is no bracket is a sign, which LibreOffice draws as "or"."""

from lxml import etree

from genmodels.export.report.mathml import ROWS, SCRIPTS

OPENING, CLOSING, STROKES = set("([{⟨⌊⌈"), set(")]}⟩⌋⌉"), set("|∥‖")


def group(element: etree._Element) -> None:
    """In place of each pair in an element and below it, ``mfenced``, as MathML had it once. Pairs of round and other brackets that have
    neither index nor power nor grow with what is in them stay signs, between which a line may end."""
    for child in element:
        group(child)
    if element.tag not in ROWS:
        return
    opened: list[etree._Element] = []
    for child in list(element):
        sign = child[0] if child.tag in SCRIPTS else child  # it may have an index or a power
        if sign.tag != "mo":
            continue
        if (found := _opened_by(sign, opened)) is not None:
            if sign is not child or sign.text in STROKES or "form" in sign.attrib:
                _fence(found, sign, child)
            del opened[opened.index(found) :]
        elif sign is child and (sign.text in OPENING | STROKES or sign.get("form") == "prefix"):
            opened.append(sign)


def _opened_by(sign: etree._Element, opened: list[etree._Element]) -> etree._Element | None:
    """The last bracket that a sign may close. A stroke closes where no term begins, as the second of |x| and not that of p(x|z, |w|);
    one that nothing has closed within other brackets was a sign."""
    if sign.get("form") == "postfix":  # of \right, which is in a row of its own with its \left
        return next(iter(opened), None)
    if sign.text in CLOSING:
        return next((bracket for bracket in reversed(opened) if bracket.text not in STROKES), None)
    if sign.text in STROKES and opened and opened[-1].text == sign.text and not _begins_term(sign):
        return opened[-1]
    return None


def _begins_term(sign: etree._Element) -> bool:
    before = (sign if sign.getparent().tag not in SCRIPTS else sign.getparent()).getprevious()
    while before is not None and before.tag == "mspace":
        before = before.getprevious()
    return before is None or (before.tag == "mo" and before.text not in CLOSING)


def _fence(opening: etree._Element, closing: etree._Element, last: etree._Element) -> None:
    """``last``: the sibling of ``opening`` that is ``closing``, or has it below an index or a power, which is then the group's."""
    fenced = etree.Element("mfenced", open=opening.text or "", close=closing.text or "")
    row = opening.getparent()
    fenced.extend(row[row.index(opening) + 1 : row.index(last)])
    row.remove(opening)
    closing.getparent().replace(closing, fenced)
