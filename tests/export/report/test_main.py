"""The command `genmodels report`."""

from pathlib import Path

import pytest

from genmodels.export.report import pdf
from genmodels.export.report.choice import section_titles
from genmodels.export.report.main import main
from tests.support.documents import opened

ALL_BUT_NOISE = [key for key in section_titles() if key != "noise"]


def test_own_words_come_from_a_file(tmp_path: Path):
    words, report = tmp_path / "words.toml", tmp_path / "r.html"
    words.write_text('noise = "سلام <b>"\nagain = "My own machine."\nelbo = "Left out."', encoding="utf-8")
    without = [key for key in section_titles() if key not in ("noise", "again")]
    main([str(report), "--words", str(words), "--without", *without])
    text = report.read_text(encoding="utf-8")
    assert '<p dir="rtl">سلام &lt;b&gt;</p>' in text
    assert '<p dir="ltr">My own machine.</p>' in text
    assert "Left out." not in text


def test_an_equation_that_stays_as_typed_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    words = tmp_path / "words.toml"
    words.write_text("noise = '$\\nosuchthing x$'\nelbo = '$\\leftout$'", encoding="utf-8")
    main([str(tmp_path / "r.html"), "--words", str(words), "--without", *ALL_BUT_NOISE], "genmodels report")
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("genmodels report: ")]
    assert told == [
        r"genmodels report: `$\nosuchthing x$` is not understood as LaTeX and stays as it is typed: write it another way."
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (b"noise = 1", "has for noise what is no text of at most 20,000 characters"),
        (b"nosie = 'a'", "has words for nosie, which is no part: name one of elbo, "),
        (b"noise: a", "is no TOML file (Expected"),
        (b"noise = '\xff'", "is no TOML file ('utf-8'"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_mistake_in_own_words_gets_one_line(
    words: bytes | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    if words is not None:
        Path("own.toml").write_bytes(words)
    with pytest.raises(SystemExit) as left:
        main(["report.html", "--words", "own.toml"], "genmodels report")
    assert str(left.value.code).startswith(f"genmodels report: own.toml {told}")
    assert "\n" not in str(left.value.code)
    assert not [*tmp_path.glob("report*")]


def test_it_writes_the_document_in_each_format_that_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = [tmp_path / "r.html", tmp_path / "r.docx"]
    main([*map(str, files), "--language", "fa", "--title", "گزارش", "--author", "سارا", "--without", *ALL_BUT_NOISE])
    assert capsys.readouterr().out.splitlines() == [*map(str, files)]
    assert "<title>گزارش</title>" in files[0].read_text()
    assert opened(files[1].read_bytes()).core_properties.author == "سارا"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("report.odt", "report.odt is of no format that there is: end it with .html, .docx or .pdf."),
        ("nowhere/report.docx", "There is no folder "),
        ("report.docx --vae dcgan-mnist", "dcgan-mnist is no VAE: choose another model for that part."),
        ("report.docx --vae gone", "There is no run and no pretrained model gone: "),
        ("report.docx --language xx", "argument --language: invalid choice: 'xx'"),
        ("report.docx --without everything", "argument --without: invalid choice: 'everything'"),
        ("", "the following arguments are required: FILE"),
    ],
)
def test_a_mistake_gets_one_line(arguments: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(arguments.split(), "genmodels report")
    assert str(left.value.code).startswith(f"genmodels report: {told}")
    assert "\n" not in str(left.value.code)
    assert not [*tmp_path.glob("report*")]


def test_without_a_browser_a_pdf_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "browser", lambda: None)
    with pytest.raises(SystemExit, match="A PDF is printed by Chromium or Chrome, which this machine does not have"):
        main([str(tmp_path / "r.pdf"), "--without", *ALL_BUT_NOISE])
    assert not [*tmp_path.glob("*.pdf")]
