"""`genmodels sweep`: train one set-up with several seeds, or several values of one setting, as one group of runs."""

import argparse
import sys
import time
from collections.abc import Sequence

from pydantic import ValidationError

from genmodels.cli.train import add_options
from genmodels.config import families
from genmodels.config.arguments import Parser, one_line
from genmodels.config.sweep import split, sweep
from genmodels.config.wording import explain
from genmodels.errors import UserError
from genmodels.jobs import groups, queue
from genmodels.jobs.console import Console
from genmodels.jobs.stop_signal import StopSignal
from genmodels.runs.run import Run
from genmodels.runs.spread import in_words
from genmodels.runs.store import Store

LOOK_SECONDS = 0.5
ABOUT = """Train one set-up with several seeds, or several values of one setting, as one group of runs.

    {prog} vae --epochs 5 --seeds 5
    {prog} vae --vary beta=1,2,4 --seeds 3
    {prog} --resume GROUP

The runs train one after another on each device, in processes of their own. Ctrl-C, or a terminal that is closed, stops and saves them
all.
"""
OTHERS = {  # than to start a sweep
    "resume": "resume the runs of a group that were stopped or interrupted",
    "stop": "have all runs of a group finish their step, save and leave",
    "delete": "delete all runs of a group for good",
    "show": "tell what came out",
}


def main(arguments: list[str] | None = None, prog: str = "python -m genmodels sweep") -> int:
    """Do it; 1 where a run has failed, else 0."""
    with one_line(prog):
        options = _parse(sys.argv[1:] if arguments is None else arguments, prog)
        store = Store()
        asked = next((name for name in OTHERS if options.get(name)), None)
        ids = _ids(store, options[asked]) if asked else _start(store, options)
        if asked == "stop":
            groups.stop(store, ids)
        elif asked == "delete":
            groups.delete(store, ids)
            return 0
        elif asked == "resume":
            groups.resume(store, ids)
        try:
            runs = store.get_many(ids) if asked == "show" else _follow(store, ids)
        except KeyboardInterrupt:  # the second Ctrl-C
            sys.exit(f"{prog}: Left, while the runs are still being saved.")
        console, group = Console(), runs[0].group
        console.say(in_words(runs, {run.id: store.last_metrics(run.id) for run in runs}))
        if any(groups.is_resumable(run) for run in runs):
            console.say(f"Resume with: {prog} --resume {group}")
        return int(any(run.state == "failed" for run in runs))


def _parse(arguments: list[str], prog: str) -> dict[str, str]:
    parser = Parser(
        prog=prog, description=ABOUT.format(prog=prog), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    others = parser.add_mutually_exclusive_group()
    for name, about in OTHERS.items():
        others.add_argument(f"--{name}", metavar="GROUP", help=about)
    subparsers = parser.add_subparsers(dest="family", metavar="FAMILY", parser_class=Parser, help="what to train")
    for family, config in families.FAMILIES.items():
        own = subparsers.add_parser(family, help=config.title, description=config.__doc__)
        own.add_argument("--seeds", type=int, default=1, metavar="N", help="so many seeds, from --seed on [default 1]")
        own.add_argument("--vary", metavar="SETTING=VALUES", help="values of one setting, as in beta=1,2,4")
        add_options(own, config)
    options = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None}
    if ("family" in options) == any(name in options for name in OTHERS):
        parser.error(
            f"choose a family ({', '.join(families.FAMILIES)}), or --{', --'.join(OTHERS)} GROUP; --help tells more."
        )
    return options


def _start(store: Store, options: dict) -> list[str]:
    """The ids of the runs."""
    options = dict(options)
    seeds, vary = options.pop("seeds"), options.pop("vary", "")
    name, _, values = vary.partition("=")
    name = name.strip().replace("-", "_")
    if seeds < 1 or (vary and not split(values)):
        raise UserError("Give a number of seeds above 0, and values as in --vary beta=1,2,4.")
    try:
        config = families.parse(options)
    except ValidationError as error:
        raise UserError(" ".join(explain(error, families.FAMILIES[options["family"]]).values())) from error
    configs = sweep(config, seeds, name, split(values))
    if len(configs) < 2:
        raise UserError("This is a single run: give --seeds 3, or values of a setting, as in --vary beta=1,2,4.")
    named = {f"{told}: {variant.default_name}": variant for told, variant in configs.items()}
    runs = groups.start(store, named, "sweep")
    Console().say(f"Group {runs[0].group}, {len(runs)} runs")
    return [run.id for run in runs]


def _ids(store: Store, group: str) -> list[str]:
    """Of the runs of a group, as they were started."""
    found = [run.id for run in store.in_group(group)] if group else []
    if not found:
        raise UserError(f"There is no group {group} in {store.root}: give one as it was printed when it was started.")
    return found


def _follow(store: Store, ids: Sequence[str]) -> list[Run]:
    """Tell what becomes of runs until none is under way; all are stopped where somebody asks this process to leave."""
    stop_signal, console = StopSignal(), Console()
    told: dict[str, str] = {}
    asked = False
    while True:
        queue.mark_interrupted(store)
        runs = store.get_many(ids)
        for run in runs:
            if told.get(run.id) != run.state:
                told[run.id] = run.state
                console.say(f"{run.name} is {run.state}." + (f" {run.error}" if run.error else ""))
        if not any(run.alive for run in runs):
            if not runs:
                raise UserError("These runs have been deleted.")
            return runs
        if stop_signal.received and not asked:
            asked = True
            groups.stop(store, ids)
        time.sleep(LOOK_SECONDS)
