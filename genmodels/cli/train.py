"""`python train.py`, and `genmodels train`: train, resume a run, or reproduce one."""

import argparse
import math
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import ValidationError

from genmodels.config import families
from genmodels.config.arguments import Parser, one_line
from genmodels.config.base import RunConfig
from genmodels.config.command_line import FROM, Origin, flag, help_line
from genmodels.config.wording import explain
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.jobs.built_on import settled
from genmodels.jobs.console import Console
from genmodels.jobs.process_group import die_with_parent
from genmodels.jobs.worker import work
from genmodels.runs.names import repeating
from genmodels.runs.reproduction import Record, compare, record_of
from genmodels.runs.store import Store
from genmodels.storage.launcher import of_launcher

SCRIPT = "train.py"
ABOUT = """Train from the command line.

{examples}

Ctrl-C, or a terminal that is closed, finishes the step, saves and leaves; under nohup a run goes on without its terminal.
"""
EXAMPLES = {
    "{alone} vae --dataset mnist --epochs 20": "one device: CUDA, else mps, else the CPU",
    "{alone} vae --help": "all options of a family",
    "accelerate launch --num_processes 2 {launched} vae": "two CUDA devices, the same global batch",
    "torchrun --nproc-per-node 2 {launched} vae --device cpu": "two processes on the CPU",
    "{alone} --resume RUN": "resume a run that was stopped or interrupted",
    "{alone} --resume RUN --more-epochs 1": "the same for one epoch, then stop",
    "{alone} vae --beta 4 --from RUN": "a new run that begins with the weights of another",
    "{alone} --reproduce RUN": "train again, and tell where the curves differ",
}
BEGINNINGS = {  # by what ``FROM`` calls them
    "from": "begin with the newest weights of this run, whose networks must be the same",
    "from_best": "begin with those of its best checkpoint",
    "from_start": "begin with those of another run that it began with itself",
}
MORE = "more_epochs"

OTHERS = {  # than to train anew
    "resume": "the id of a run, as printed when it started",
    "reproduce": "the id of a run, or the name of a pretrained model",
}


@dataclass(frozen=True)
class Wish:
    """What is asked for: a new run of ``config``, which may be that of a run or pretrained model to ``reproduce`` and may begin
    with the weights of ``origin``, or to ``resume`` a run, to its end or for so many ``more_epochs``."""

    config: RunConfig | None = None
    resume: str | None = None
    reproduce: Record | None = None
    origin: Origin | None = None
    more_epochs: float = 0.0


def parse(arguments: list[str], prog: str = SCRIPT) -> Wish:
    """What the command line asks for; leaves with one line when it cannot be had."""
    with one_line(prog):
        return _parse(arguments, prog)


def _parse(arguments: list[str], prog: str) -> Wish:
    description = ABOUT.format(examples=_examples(prog))
    parser = Parser(prog=prog, description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    others = parser.add_mutually_exclusive_group()
    for name, about in OTHERS.items():
        others.add_argument(flag(name), metavar="RUN", help=about)
    parser.add_argument(flag(MORE), type=float, metavar="N", help="with --resume: train so many more epochs, then stop")
    subparsers = parser.add_subparsers(dest="family", metavar="FAMILY", parser_class=Parser, help="what to train")
    for family, config in families.FAMILIES.items():
        own = subparsers.add_parser(family, help=config.title, description=config.__doc__)
        add_options(own, config)
        begins = own.add_mutually_exclusive_group()
        for name, about in BEGINNINGS.items():
            begins.add_argument(flag(name), metavar="RUN", help=about)
        for name in OTHERS:  # not for use: behind the family they get the same line as before it
            own.add_argument(flag(name), default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    _refuse_others(parser, arguments, prog)
    values = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None}
    more = values.pop(MORE, None)
    if more is not None and ("resume" not in values or not 0 < more < math.inf):
        parser.error(
            f"{flag(MORE)} takes a number of epochs above 0 for a run to resume: {_alone(prog)} --resume RUN {flag(MORE)} 1"
        )
    if "resume" in values:
        return Wish(resume=values["resume"], more_epochs=more or 0.0)
    try:
        if "reproduce" in values:
            record = record_of(Store(), values["reproduce"])
            began = Origin(record.name, "start") if record.parent else None
            return Wish(families.understood(record.config, record.name), reproduce=record, origin=began)
        if "family" in values:
            began = next((Origin(values.pop(name), which) for name, which in FROM.items() if name in values), None)
            return Wish(families.parse(values), origin=began)
    except ValidationError as error:
        parser.error(" ".join(explain(error, families.FAMILIES[values["family"]]).values()))
    parser.error(
        f"choose a family ({', '.join(families.FAMILIES)}), --resume RUN or --reproduce RUN; --help tells more"
    )


def _refuse_others(parser: Parser, arguments: list[str], prog: str) -> None:
    """Where a run is to be resumed or reproduced, other options would be taken for a family, or for those of one."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for name in OTHERS:
        first.add_argument(flag(name))
    first.add_argument(flag(MORE))
    try:
        known, left = first.parse_known_args(arguments)
    except argparse.ArgumentError:  # without a value, which the whole parser says
        return
    for name in OTHERS:
        if (run := getattr(known, name)) and left and not {"-h", "--help"} & {*left}:
            parser.error(
                f"{flag(name)} RUN takes the options that the run was started with, so it takes no others: "
                f"{_alone(prog)} {flag(name, run)}"
            )


def _alone(prog: str) -> str:
    """What one types to train in one process."""
    return f"python {prog}" if prog == SCRIPT else prog


def _examples(prog: str) -> str:
    """What one may type, each with what it does, in two columns."""
    launched = prog if prog == SCRIPT else f"-m {prog}"
    lines = {typed.format(alone=_alone(prog), launched=launched): does for typed, does in EXAMPLES.items()}
    width = max(map(len, lines))
    return "\n".join(f"    {typed:{width}}    {does}" for typed, does in lines.items())


def add_options(parser: argparse.ArgumentParser, config: type[RunConfig]) -> None:
    """One flag a field of ``config``; the values stay text, and pydantic checks them like those of the page's form."""
    for name, field in config.options().items():
        options: dict[str, Any] = {"help": help_line(field).replace("%", "%%")}
        if field.annotation is bool:
            options["action"] = argparse.BooleanOptionalAction
        elif get_args(field.annotation):
            options["metavar"] = "{" + ",".join(map(str, get_args(field.annotation))) + "}"
        else:
            options["metavar"] = name.upper()
        parser.add_argument(flag(name), default=None, **options)


def main(arguments: list[str] | None = None, prog: str = SCRIPT) -> int:
    """Train; 0 when the run finished or was stopped, 1 when it failed, or when it was to be the same again and is not."""
    wish = parse(sys.argv[1:] if arguments is None else arguments, prog)
    with one_line(prog):  # before anything of a run is made or changed
        rank, *_ = (of_launcher(name) for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE"))
    if rank:
        return _follow(wish)
    with one_line(prog):
        store = Store()
        if wish.config is not None:
            queue.check_start(wish.config)
            name = repeating(wish.reproduce.name) if wish.reproduce else ""
            run = queue.create(store, wish.config, name, origin=wish.origin)
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
                config = families.understood(run.config, run.name)
                if run.state == "finished":
                    Console().say(
                        f"The run is finished, and nothing is left to train. Its folder: {store.folder(run.id)}"
                    )
                    return 0
                queue.check_start(config, begun=run.attempt > 0)
                held = queue.hold(store, run.id)
                queue.enqueue(store, run.id, until=run.epoch + wish.more_epochs if wish.more_epochs else 0.0)
                run = store.get(run.id) or run
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
    same, sentences = compare(before, record_of(store, run_id))
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

    config, until = wish.config, math.inf
    if config is None:
        run = Store().get(wish.resume or "")
        if run is None or run.state == "finished":
            return int(run is None)
        config, until = families.parse(run.config), run.until or math.inf
    else:
        config = settled(Store(), config, wish.origin)
    try:
        Trainer(config, None, Report()).run(until=until)
    except (UserError, DistNetworkError):  # the main process tells it, or has left while they were to meet
        return 1
    return 0
