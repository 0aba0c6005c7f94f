"""Every word that a page shows is in its language: nothing is half translated."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import FAMILIES
from tests.support.pages import open_page

CHOICES = {
    str(choice)
    for config in FAMILIES.values()
    for field in config.options().values()
    for choice in get_args(field.annotation)
}
PERSIAN = re.compile(r"[\u0600-\u06ff]")
ENGLISH = re.compile(r"[A-Za-z]{3,}")
# What is no language's: code, formulas, links, icons, and the names of models, methods and files.
NO_WORDS = re.compile(
    r"`[^`]*`|\$[^$]*\$|\]\([^)]*\)|:[a-z]+\[|:material/\w+:|<[^>]*>|\b[\w.]*[_/@-][\w./@-]*\b"
    r"|\b(auto|cpu|cuda|mps|fp32|bf16|cosine|constant|picture|label|none|off|on|folder|train|test|val)\b"
)
NAMES = re.compile(
    r"\b(VAE|GAN|DCGAN|CGAN|InfoGAN|FID|KID|KMeans|HDBSCAN|UMAP|PCA|ELBO|NLL|ACC|NMI|ARI|MNIST|KMNIST|CIFAR|HTML|CSV|"
    r"PNG|JPEG|GIF|PDF|CPU|GPU|GiB|Enter|Shift|Space|Heun|Euler|Stochastic|English|docx|Word|Fashion|[A-Z][a-z]+ et al)\b"
)
TABS = [
    ("overview", ""),
    ("runs", ""),
    ("report", ""),
    ("vae", "Train"),
    ("vae", "Latent space"),
    ("vae", "Decoder"),
    ("vae", "VAE vs. GAN"),
    ("dcgan", "Train"),
    ("dcgan", "Compare objectives"),
    ("dcgan", "Latent space"),
    ("dcgan", "Inside the network"),
    ("dcgan", "Film"),
    ("dcgan", "The objectives"),
    ("conditional", "Classes"),
    ("conditional", "Complete the picture"),
    ("conditional", "Label fidelity"),
    ("flow", "See the flow"),
    ("flow", "Train"),
]


@pytest.mark.parametrize(("name", "tab"), TABS)
def test_a_page_in_persian_says_nothing_in_english(name: str, tab: str):
    page = open_page(name, lang="fa", **({"tab": tab} if tab else {}))
    english = sorted({text for text in texts(page) if is_english(text)})
    assert not english, "\n".join(english)


def is_english(text: str) -> bool:
    """Whether a text has words, and none of them is Persian."""
    if PERSIAN.search(text) or text in CHOICES or text.startswith("<style"):
        return False
    return bool(ENGLISH.search(NAMES.sub("", NO_WORDS.sub("", text))))


def texts(page: AppTest) -> Iterator[str]:
    """What the elements of a page show: labels, texts, helps, choices, placeholders."""
    left: list[Any] = [page._tree]
    while left:
        node = left.pop()
        left += getattr(node, "children", {}).values()
        proto = getattr(node, "proto", None)
        for name in ("label", "body", "help", "placeholder", "options", "alt", "text"):
            value = getattr(proto, name, None)
            yield from [value] if isinstance(value, str) else [each for each in value or () if isinstance(each, str)]
