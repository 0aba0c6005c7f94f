"""The explanations that pages show and a report takes from: Markdown files in ``explanations/``, a folder a language, that anyone may edit."""

from genmodels.language.languages import ENGLISH
from genmodels.storage.paths import PROJECT

FOLDER = PROJECT / "explanations"


def explanation(name: str, language: str) -> tuple[str, str]:
    """The text of that name in a language, and in which it is: in English where the language has none of that name."""
    if not (FOLDER / language / f"{name}.md").is_file():
        language = ENGLISH
    return (FOLDER / language / f"{name}.md").read_text(encoding="utf-8"), language
