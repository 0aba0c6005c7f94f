"""`genmodels gpu-check`: what the command takes, and what it prints."""

import argparse
import logging
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from genmodels.config.arguments import Parser, one_line
from genmodels.errors import UserError
from genmodels.gpu_check import table
from genmodels.gpu_check.points import POINTS, chosen
from genmodels.gpu_check.row import Row

MINUTES = 8.0
DAY = 24 * 60.0
FAILED, NO_CARD = 1, 2  # exit statuses
ABOUT = """Check that a CUDA device trains as the CPU does, and how fast. One card is enough, and no data set or network is needed.

points: {points}
"""


def main(arguments: list[str] | None = None, prog: str = "python -m genmodels.gpu_check") -> int:
    """Check, and print what was found; 1 when something failed, 2 when there is no card, else 0."""
    with one_line(prog):
        options = parse(arguments, prog)
        try:
            return _check(options, prog)
        except KeyboardInterrupt:
            raise UserError("Left before the end: what stands above is what was checked.") from None


def parse(arguments: list[str] | None, prog: str) -> argparse.Namespace:
    """What the command line asks for; raises ``UserError`` when it cannot be had."""
    about = ABOUT.format(points=", ".join(POINTS))
    parser = Parser(prog=prog, description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="POINT",
        help="a point, or all whose names begin so; may be repeated",
    )
    parser.add_argument(
        "--device", choices=("cuda", "cpu"), default="cuda", help="what is compared with the CPU [cuda]"
    )
    parser.add_argument("--quick", action="store_true", help="the smallest networks, and speed for a moment only")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"for all together [{MINUTES:g}]")
    parser.add_argument("--verbose", action="store_true", help="print the traceback of what fails to standard error")
    parser.add_argument("--json", action="store_true", help="print one JSON object, and the table to standard error")
    options = parser.parse_args(arguments)
    for name in options.only:
        if not chosen([name]):
            parser.error(f"there is no point {name!r}: choose from {', '.join(POINTS)}.")
    if not 0 < options.minutes < DAY:
        parser.error(f"--minutes is {options.minutes:g}: give a number above 0 and below {DAY:g}.")
    return options


def _check(options: argparse.Namespace, prog: str) -> int:
    begin = time.monotonic()
    if options.verbose:
        logging.basicConfig(format="%(message)s")
        logging.getLogger(__package__).setLevel(logging.DEBUG)
    import torch

    from genmodels.gpu_check import card, run
    from genmodels.gpu_check.session import Session

    if options.device == "cuda" and not torch.cuda.is_available():
        print(f"{prog}: There is no CUDA device here: use a machine that has one, or --device cpu.", file=sys.stderr)
        return NO_CARD
    if options.device == "cuda":
        # As deterministic runs need it, in this process too: cuBLAS reads it when it is first used.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # With its index, which torch wants to know where a process's share of the memory is set.
    device, rows = torch.device("cuda:0" if options.device == "cuda" else "cpu"), list[tuple[str, Row]]()
    environment = {"device": card.name(device), "torch": torch.__version__, "python": platform.python_version()}
    out = sys.stderr if options.json else sys.stdout
    print(", ".join(f"{name} {value}" for name, value in environment.items()), table.header(), sep="\n", file=out)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session = Session(device, options.quick, Path(folder))
        for point, row in run.check(session, chosen(options.only), begin + 60 * options.minutes):
            rows.append((point, row))
            print(*table.lines(point, row), sep="\n", file=out, flush=True)
    if options.json:
        print(table.as_json(environment | {"seconds": round(time.monotonic() - begin, 1)}, rows))
    return FAILED if any(row.state == "failed" for _, row in rows) else 0
