"""Train from the command line.

    python train.py vae --dataset mnist --epochs 20 --latent-dim 16      one device: CUDA if there is one, else the CPU
    accelerate launch --num_processes 2 train.py vae --dataset mnist     two CUDA devices, the same global batch
    torchrun --nproc-per-node 2 train.py vae --device cpu                two processes on the CPU
    python train.py --resume RUN                                         go on where a run stopped or was cut off

Ctrl-C finishes the step, saves and leaves.
"""

import argparse
import os
import signal
import sys
from typing import Any, NoReturn, get_args

from pydantic import ValidationError

from genmodels import families, jobs
from genmodels.config import RunConfig, allowed, explain
from genmodels.console import Console
from genmodels.errors import UserError
from genmodels.store import Store
from genmodels.worker import work


class Parser(argparse.ArgumentParser):
    """Refuses with one line, and takes no shortened flags: ``--epoch`` is a mistake, not ``--epochs``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        sys.exit(f"train.py: {message}")


def parse(arguments: list[str]) -> tuple[RunConfig | None, str | None]:
    """The config of a new run, or the id of one to resume."""
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resume", metavar="RUN", help="the id of a run, as printed when it started")
    subparsers = parser.add_subparsers(dest="family", metavar="FAMILY", parser_class=Parser)
    for family, config in families.FAMILIES.items():
        _add_options(subparsers.add_parser(family, help=config.title, description=config.__doc__), config)
    values = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None}
    if "resume" in values:
        if "family" in values:
            parser.error("--resume RUN goes on with the options that the run was started with, so it takes no others.")
        return None, values["resume"]
    if "family" not in values:
        parser.error(f"choose a family ({', '.join(families.FAMILIES)}) or --resume RUN; --help tells more")
    try:
        return families.parse(values), None
    except ValidationError as error:
        parser.error(" ".join(explain(error, families.FAMILIES[values["family"]]).values()))


def _add_options(parser: argparse.ArgumentParser, config: type[RunConfig]) -> None:
    """One flag a field of ``config``; the values stay text, and pydantic checks them like those of the page's form."""
    for name, field in config.model_fields.items():
        if name == "family":
            continue
        options: dict[str, Any] = {"help": f"{field.description} [{allowed(field)}; default {field.default}]"}
        if field.annotation is bool:
            options["action"] = argparse.BooleanOptionalAction
        elif get_args(field.annotation):
            options["metavar"] = "{" + ",".join(map(str, get_args(field.annotation))) + "}"
        else:
            options["metavar"] = name.upper()
        options["help"] = options["help"].replace("%", "%%")
        parser.add_argument("--" + name.replace("_", "-"), default=None, **options)


def main() -> int:
    """Train; 0 when the run finished or was stopped, 1 when it failed."""
    config, run_id = parse(sys.argv[1:])
    if int(os.environ.get("RANK", "0")) > 0:
        return _follow(config, run_id)
    store = Store()
    try:
        if config is not None:
            run = jobs.create(store, config)
            held = jobs.hold(store, run.id)
        else:
            found = store.get(run_id or "")
            if found is None:
                raise UserError(f"There is no run {run_id} in {store.root}.")
            run = found
            inherited = os.environ.pop(jobs.LOCK_VARIABLE, None)
            if inherited:
                held = int(inherited)
            else:
                held = jobs.hold(store, run.id)
                jobs.enqueue(store, run.id)
    except UserError as error:
        sys.exit(f"train.py: {error}")
    console = Console()
    console.say(f"Run {run.id}")
    state = work(store, run, held, console.say, console.progress)
    console.close()
    print(f"The run is {state}. Its folder: {store.folder(run.id)}")
    if state == "stopped":
        print(f"Go on with: python train.py --resume {run.id}")
    return 1 if state == "failed" else 0


def _follow(config: RunConfig | None, run_id: str | None) -> int:
    """What the processes beside the main one do: train with it and write nothing."""
    # When to stop is for the main process to say, which gets these signals too.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from genmodels.report import Report
    from genmodels.trainer import Trainer

    if config is None:
        run = Store().get(run_id or "")
        if run is None:
            return 1
        config = families.parse(run.config)
    try:
        Trainer(config, None, Report()).run()
    except UserError:  # the main process tells it
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
