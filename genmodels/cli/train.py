"""`python train.py`, and `genmodels train`: train, resume a run, or reproduce one."""

import argparse
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import ValidationError

from genmodels.config import families
from genmodels.config.arguments import Parser, one_line
from genmodels.config.base import RunConfig, allowed, explain
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.jobs.console import Console
from genmodels.jobs.process_group import die_with_parent
from genmodels.jobs.worker import work
from genmodels.runs.reproduction import Record, compare, recorded
from genmodels.runs.store import Store

SCRIPT = "train.py"
ABOUT = """Train from the command line.

    {alone} vae --dataset mnist --epochs 20 --latent-dim 16      one device: CUDA, else mps, else the CPU
    accelerate launch --num_processes 2 {launched} vae --dataset mnist     two CUDA devices, the same global batch
    torchrun --nproc-per-node 2 {launched} vae --device cpu                two processes on the CPU
    {alone} --resume RUN                                         resume a run that was stopped or interrupted
    {alone} --reproduce RUN                                      train again, and tell where the curves differ

Ctrl-C, or a terminal that is closed, finishes the step, saves and leaves; under nohup a run goes on without its terminal.
"""


@dataclass(frozen=True)
class Wish:
    """What is asked for: a new run of ``config``, which may be that of a run or pretrained model to ``reproduce``, or to
    ``resume`` a run."""

    config: RunConfig | None = None
    resume: str | None = None
    reproduce: Record | None = None


def parse(arguments: list[str], prog: str = SCRIPT) -> Wish:
    """What the command line asks for; leaves with one line when it cannot be had."""
    with one_line(prog):
        return _parse(arguments, prog)


def _parse(arguments: list[str], prog: str) -> Wish:
    about = ABOUT.format(alone=_alone(prog), launched=prog if prog == SCRIPT else f"-m {prog}")
    parser = Parser(prog=prog, description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    others = parser.add_mutually_exclusive_group()
    others.add_argument("--resume", metavar="RUN", help="the id of a run, as printed when it started")
    others.add_argument("--reproduce", metavar="RUN", help="the id of a run, or the name of a pretrained model")
    subparsers = parser.add_subparsers(dest="family", metavar="FAMILY", parser_class=Parser)
    for family, config in families.FAMILIES.items():
        _add_options(subparsers.add_parser(family, help=config.title, description=config.__doc__), config)
    values = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None}
    for flag in ("resume", "reproduce"):
        if flag in values and "family" in values:
            parser.error(f"--{flag} RUN takes the options that the run was started with, so it takes no others.")
    if "resume" in values:
        return Wish(resume=values["resume"])
    try:
        if "reproduce" in values:
            record = recorded(Store(), values["reproduce"])
            return Wish(families.understood(record.config, record.name), reproduce=record)
        if "family" in values:
            return Wish(families.parse(values))
    except ValidationError as error:
        parser.error(" ".join(explain(error, families.FAMILIES[values["family"]]).values()))
    parser.error(
        f"choose a family ({', '.join(families.FAMILIES)}), --resume RUN or --reproduce RUN; --help tells more"
    )


def _alone(prog: str) -> str:
    """What one types to train in one process."""
    return f"python {prog}" if prog == SCRIPT else prog


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


def main(arguments: list[str] | None = None, prog: str = SCRIPT) -> int:
    """Train; 0 when the run finished or was stopped, 1 when it failed, or when it was to be the same again and is not."""
    wish = parse(sys.argv[1:] if arguments is None else arguments, prog)
    if int(os.environ.get("RANK", "0")) > 0:
        return _follow(wish)
    with one_line(prog):
        store = Store()
        if wish.config is not None:
            queue.check_start(wish.config)
            run = queue.create(store, wish.config, f"{wish.reproduce.name}, again" if wish.reproduce else "")
            held = queue.hold(store, run.id)
        else:
            found = store.get(wish.resume or "")
            if found is None:
                raise UserError(f"There is no run {wish.resume} in {store.root}.")
            run = found
            inherited = os.environ.pop(queue.LOCK_VARIABLE, None)
            if inherited:
                held = int(inherited)
            else:
                # Before anything of the run is changed.
                queue.check_start(families.understood(run.config, run.name), begun=run.attempt > 0)
                held = queue.hold(store, run.id)
                queue.enqueue(store, run.id)
    console = Console()
    console.say(f"Run {run.id}")
    state = work(store, run, held, console.say, console.progress)
    console.close()
    console.say(f"The run is {state}. Its folder: {store.folder(run.id)}")
    if state == "stopped":
        console.say(f"Resume with: {_alone(prog)} --resume {run.id}")
    if wish.reproduce is not None and state != "failed":
        return report_reproduction(store, wish.reproduce, run.id)
    return 1 if state == "failed" else 0


def report_reproduction(store: Store, before: Record, run_id: str) -> int:
    """Say, here and on the run's page, whether it came out as ``before``."""
    same, sentences = compare(before, recorded(store, run_id))
    store.add_event(run_id, " ".join(sentences), "info" if same else "warning")
    store.save_copy(run_id)
    Console().say("\n".join(sentences))
    return 0 if same else 1


def _follow(wish: Wish) -> int:
    """What the processes beside the main one do: train with it and write nothing."""
    die_with_parent()
    # When to stop is for the main process to say, which gets these signals too.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    from torch.distributed import DistNetworkError

    from genmodels.storage.callbacks import Report
    from genmodels.training.trainer import Trainer

    config = wish.config
    if config is None:
        run = Store().get(wish.resume or "")
        if run is None:
            return 1
        config = families.parse(run.config)
    try:
        Trainer(config, None, Report()).run()
    except (UserError, DistNetworkError):  # the main process tells it, or has left while they were to meet
        return 1
    return 0
