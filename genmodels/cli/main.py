"""`genmodels COMMAND ...`, installed or as `python -m genmodels COMMAND ...`."""

import importlib
import sys
from typing import NamedTuple

from genmodels import __version__
from genmodels.config.arguments import Parser, one_line


class Command(NamedTuple):
    """module: has ``main(arguments, prog)``, which may return an exit status; imported when the command is given."""

    module: str
    help: str


COMMANDS = {
    "app": Command("genmodels.cli.app", "serve the app"),
    "train": Command("genmodels.cli.train", "train a model, resume a run, or reproduce one"),
    "evaluate": Command("genmodels.metrics.evaluate", "score a trained model"),
    "export": Command("genmodels.export.portable", "write a generator as files that need nothing of this project"),
    "gpu-check": Command("genmodels.gpu_check.main", "check a CUDA device, and measure it"),
    "pretrain": Command("genmodels.export.pretrain", "make a pretrained model of a run"),
    "report": Command("genmodels.export.report.main", "write a document of several models, as HTML, .docx or PDF"),
    "sweep": Command("genmodels.cli.sweep", "train several seeds, or values of one setting"),
}


def main(arguments: list[str] | None = None) -> int | None:
    """Run a command; its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in COMMANDS:
        name, *own = arguments
        return importlib.import_module(COMMANDS[name].module).main(own, f"genmodels {name}")
    parser = Parser(prog="genmodels", description="Train deep generative models, and watch how they learn.")
    parser.add_argument("-V", "--version", action="version", version=f"genmodels {__version__}")
    listed = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, command in COMMANDS.items():
        listed.add_parser(name, help=command.help)
    with one_line("genmodels"):
        parser.parse_args(arguments)
        parser.error(f"choose a command ({', '.join(COMMANDS)}); --help tells more.")
