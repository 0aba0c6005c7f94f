"""Text of others is shown as it is: by Markdown, and by Plotly, which takes some tags for its own."""

import re

import pytest
from markdown_it import MarkdownIt

from genmodels.export.figures import Line, cluster_heat_map, confusion_heat_map, fidelity_bars, training_curves
from genmodels.ui.widgets.text import UNSEEN, plain
from tests.support.hostile import TEXT

# What is replaced in the text that parsing has left: by mdast-util-gfm-autolink-literal, remark-emoji and Streamlit.
REPLACING = (
    r"https?://|www(?=\.)",
    r"(?:^|(?<=[\s\W]))[-.\w+]+@[-\w]+(?:\.[-\w]+)+",
    r":\+1:|:-1:|:[\w-]+:|:material/\w+:",
    r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
)
REPLACED = [
    "https://evil.example/n.png",
    "HTTP://EVIL.EXAMPLE?q=https://a.b",
    "see (www.evil.example)",
    "<https://evil.example>",
    "mailto:a.b@evil.example or c@d.e@f.g",
    ":smile: :+1: a:smile:smile: :100:",
    ":material/bolt: :streamlit:",
    "x >= 2, y <= 3 ~= -- <-> <- ->",
    "--",
]
TEXTS = [
    TEXT,
    "VAE on mnist-sample",
    "GENMODELS_TRAIN must be one of anyone, password.",
    "__dunder__ and _emphasis_ and a_b_c_ and ü_x",
    "# heading",
    "1. one",
    "- list",
    "+ list",
    "> quotation",
    "---",
    "===",
    "    indented",
    "two\n\n# lines",
    "<script>alert(1)</script>",
    "&amp; & &#65; Weights & Biases",
    "[a]: https://evil.example",
    "\\*backslash\\*",
    "~~struck~~ ~out~",
    "*",
    "",
    *REPLACED,
]


@pytest.mark.parametrize("text", TEXTS)
def test_markdown_shows_it_as_it_is(text: str):
    tokens = MarkdownIt("commonmark").enable("strikethrough").parse(plain(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= {"text", "text_special"}
    left = "".join(child.content for child in inline)
    assert left.replace(UNSEEN, "") == " ".join(text.split())
    for pattern in REPLACING:
        assert not re.search(pattern, left, re.IGNORECASE)


@pytest.mark.parametrize("text", ["$x$ and $$y$$", ":red[x]", ":material/bolt:", ":small[x]"])
def test_what_streamlit_adds_to_markdown_is_escaped_too(text: str):
    shown = plain(text)
    assert shown.replace("\\", "").replace(UNSEEN, "") == text
    assert not re.search(r"(?<!\\)\$|(?<!\\):[a-z]", shown)


def test_plotly_shows_it_as_it_is():
    import numpy as np

    names = [f"{number} {TEXT}" for number in range(2)]
    counts = np.ones((2, 2), int)
    line = Line(TEXT, np.arange(2), np.arange(2), "#000")
    figures = [
        cluster_heat_map(counts, names, names),
        confusion_heat_map(counts, names),
        fidelity_bars(np.ones(2), names, None),
        training_curves([line], "unit"),
    ]
    for figure in figures:
        shown = figure.to_dict()["data"][0]
        texts = [
            text for key in ("x", "y", "name") for text in np.atleast_1d(shown.get(key, [])) if isinstance(text, str)
        ]
        assert texts
        for text in texts:
            assert "<" not in text
            assert "&lt;b>bold&lt;/b>" in text
            assert text.endswith("&amp;lt;")
