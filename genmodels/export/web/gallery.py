"""All pretrained models as pages of one folder, which share the runtime: for GitHub Pages, a static Space, or a double click.

python -m genmodels.export.web.gallery FOLDER
"""

from pathlib import Path

from genmodels.checkpoints.pretrained import pretrained_models
from genmodels.config.arguments import Parser, one_line
from genmodels.config.families import FAMILIES
from genmodels.export.report.sources import source
from genmodels.export.web.page import joined, page, render, runtime_part
from genmodels.export.web.write import INDEX
from genmodels.inference.load import load_model
from genmodels.runs.store import Store
from genmodels.storage.image_grid import data_url
from genmodels.storage.progress import shown_on_stderr, watched


def write(folder: Path, names: list[str] | None = None) -> Path:
    """Write them, or those of the given names, and return the list of them; raises ``NoRuntimeError``."""
    runtime = runtime_part()  # before anything is computed
    names = names or [model.name for model in pretrained_models() if FAMILIES[model.config["family"]].pictures]
    folder.mkdir(parents=True, exist_ok=True)
    store, cards, files = Store(), [], {runtime.name: runtime.text}
    with watched("writing the gallery", len(names), "models") as advance:
        for name in names:
            made = page(source(store, name), load_model(name))
            files |= {f"{name}.html": made.html([runtime, made.model], gallery=INDEX), made.model.name: made.model.text}
            samples = made.source.picture("samples")
            cards.append((made, data_url(samples) if samples else ""))
            advance(1)
    files[INDEX] = render("gallery.html.jinja", joined("words") + "\nofferLanguages();\n", cards=cards)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / INDEX


def main(arguments: list[str] | None = None, prog: str = "python -m genmodels.export.web.gallery") -> None:
    """Write the gallery that the command line asks for."""
    parser = Parser(prog=prog, description="Write all pretrained models as web pages that need no server.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the pages go")
    with one_line(prog):
        options = parser.parse_args(arguments)
        with shown_on_stderr():
            index = write(options.folder)
    print(f"{index} lists the models: open it, or put its folder on a server of files, such as GitHub Pages.")


if __name__ == "__main__":
    main()
