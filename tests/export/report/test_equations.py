"""Equations, from one source in LaTeX: MathML for browsers, OMML for Word."""

from collections.abc import Iterator

import pytest
from docx.oxml.ns import qn
from lxml import etree

from genmodels.config.objectives import OBJECTIVES
from genmodels.export.report import markup
from genmodels.export.report.document import Equation, Paragraph
from genmodels.export.report.mathml import mathml
from genmodels.export.report.omml import omml
from genmodels.export.report.words import words
from genmodels.language import LANGUAGES


def equations() -> Iterator[str]:
    """All that a report may have."""
    for info in OBJECTIVES.values():
        yield from (info.discriminator, info.generator)
    for name in ("vae", "conditional"):
        for language in LANGUAGES:
            yield from (block.latex for block in words(language).explained(name, Equation))
    for language in LANGUAGES:
        for part in words(language).said["part"]:
            for section in part["section"]:
                for block in markup.blocks(section["text"]):
                    if isinstance(block, Equation):
                        yield block.latex
                    elif isinstance(block, Paragraph):
                        yield from (span.text for span in block.text if span.kind == "math")


def letters(element: etree._Element) -> str:
    """What it says, without spaces, which the two write in different ways; brackets of Word's are properties of what is in them."""
    inner = (element.text or "") + "".join(map(letters, element))
    if element.tag == qn("m:d"):
        inner = _sign(element, "begChr") + inner + _sign(element, "endChr")
    return "".join(inner.split())


def _sign(brackets: etree._Element, which: str) -> str:
    return brackets.find(f"{qn('m:dPr')}/{qn(f'm:{which}')}").get(qn("m:val"))


@pytest.mark.parametrize("latex", sorted({*equations()}))
def test_every_equation_is_understood_and_both_say_the_same(latex: str):
    for display in (False, True):
        drawn = etree.fromstring(mathml(latex, display))
        said = letters(drawn).replace("⏟", "")  # a property in OMML
        assert letters(omml(latex, display)) == said.replace("^", "")
        assert "\\" not in said


def test_letters_limits_and_functions_look_as_in_a_paper():
    drawn = mathml(r"\min_G \mathbb E_z \log x + \mathcal N", display=True)
    assert "<munder><mo>min</mo><mi>G</mi></munder>" in drawn
    assert "𝔼" in drawn
    assert "𝒩" in drawn
    assert "<mo>∼</mo>" in mathml(r"z \sim p")
    assert '<mi>log</mi><mspace width="0.167em"/><mi>x</mi>' in drawn


def test_word_has_the_structure_of_an_equation():
    found = omml(r"\frac{x_1^2}{y} + \underbrace{a}_{b} + \hat x + \sqrt[3]{x} + \stackrel{a}{b}", display=True)
    assert found.tag == qn("m:oMathPara")
    for kind in ("f", "sSubSup", "groupChr", "limLow", "acc", "rad", "limUpp"):
        assert len(list(found.iter(qn(f"m:{kind}")))) == 1, kind


@pytest.mark.parametrize(("said", "from_the_right"), [("reconstruction", 0), ("بازسازی", 1)])
def test_words_in_an_equation_are_words_in_word_too(said: str, from_the_right: int):
    (run,) = omml(rf"\underbrace{{a}}_{{\text{{{said}}}}}").iterfind(f".//{qn('m:lim')}/{qn('m:r')}")
    assert len(list(run.iter(qn("m:nor")))) == 1
    assert len(list(run.iter(qn("w:rtl")))) == from_the_right


@pytest.mark.parametrize(
    "latex", [r"\nosuchthing x", r"\begin{array}{c|c}1\end{array}", r"\href{a}{b}", r"\text{<b>x</b>}"]
)
def test_what_cannot_be_written_is_refused(latex: str):
    with pytest.raises(ValueError, match=r"not understood|no counterpart"):
        omml(latex)


def delimiters(latex: str) -> list[str]:
    """The pairs of brackets that Word knows as such, with what is between them."""
    return [letters(each) for each in omml(latex).iter(qn("m:d"))]


@pytest.mark.parametrize(
    ("latex", "kind"),
    [
        (r"\mathbb E_x (D(x) - 1)^2", "sSup"),
        (r"(x - \mu)_i", "sSub"),
        (r"[x (y)]_i^2", "sSubSup"),
        (r"[0, 1)^2", "sSup"),
    ],
)
def test_a_power_or_index_after_a_bracket_is_of_all_that_is_in_the_brackets(latex: str, kind: str):
    base = [*omml(latex).iter(qn(f"m:{kind}"))][-1].find(qn("m:e"))
    assert [child.tag for child in base] == [qn("m:d")]


@pytest.mark.parametrize(
    ("latex", "told"),
    [
        (r"|w| \le c", ["|w|"]),
        (r"2|x||y|", ["|x|", "|y|"]),
        (r"\|x\|_2^2 + \lVert y \rVert", ["‖x‖", "‖y‖"]),
        (r"p(x|z, |w|) + p(y|z)", ["|w|"]),
        (r"D(q\|p)", []),
        (r"(|x| + ||y||)^2", ["(|x|+||y||)", "|x|", "||y||", "|y|"]),
        (r"\left(\frac{a}{b}\right) + \left.x\right|_0", ["(ab)", "x|"]),
    ],
)
def test_strokes_around_a_term_are_brackets_and_others_are_not(latex: str, told: list[str]):
    assert delimiters(latex) == told


def test_no_sign_is_left_that_libreoffice_takes_for_or():
    assert "|" not in "".join(omml(r"p(x|z) + |w|").itertext())


@pytest.mark.parametrize("latex", [r"\mathrm{ELBO}", r"\text{ELBO}", r"\operatorname{ELBO}", "ELBO"])
def test_a_name_of_several_letters_is_one_upright_run(latex: str):
    (run,) = omml(latex).iter(qn("m:r"))
    assert letters(run) == "ELBO"
    assert len(list(run.iter(qn("m:nor")))) == 1
    assert [letters(run) for run in omml(r"A_B + \frac{C}{D}").iter(qn("m:r"))] == ["A", "B", "+", "C", "D"]
    (named,) = omml(rf"{latex}_\theta + x").iter(qn("m:sSub"))
    assert letters(named.find(qn("m:e"))) == "ELBO"


@pytest.mark.parametrize(
    "typed",
    [
        r"\arg\max_x f",
        r"\arg \, \max_x f",
        r"\operatorname*{arg\,max}_x f",
        r"\argmax_x f",
        r"\underset{x}{\arg\max} f",
    ],
)
def test_arg_max_is_one_operator_with_its_variable_below(typed: str):
    (limit,) = omml(typed, display=True).iter(qn("m:limLow"))
    assert [letters(part) for part in limit.iter(qn("m:r"))] == ["argmax", "x"]


@pytest.mark.parametrize(
    ("name", "signs"),
    [("aligned", []), ("cases", ["{1=23=4"]), ("pmatrix", ["(1=23=4)"]), ("bmatrix", ["[1=23=4]"]), ("matrix", [])],
)
def test_rows_below_each_other_are_a_matrix(name: str, signs: list[str]):
    latex = rf"\begin{{{name}}} 1 &= 2 \\ 3 &= 4 \end{{{name}}}"
    (matrix,) = omml(latex).iter(qn("m:m"))
    rows = [[letters(cell).strip("\u200b") for cell in row] for row in matrix.iter(qn("m:mr"))]
    assert rows == [["1", "=2"], ["3", "=4"]]
    assert [brackets.replace("\u200b", "") for brackets in delimiters(latex)] == signs
    assert len(list(etree.fromstring(mathml(latex)).iter("mtd"))) == 4
