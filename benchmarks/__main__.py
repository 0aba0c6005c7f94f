"""Measure speed and memory here and now.

    python -m benchmarks              everything
    python -m benchmarks dcgan        one part

Machines differ and are shared: the ratios of one run are what counts.
"""

import argparse
import importlib
import json
import platform
from typing import Any

from benchmarks.training import MODELS
from genmodels.config.arguments import Parser, one_line
from genmodels.errors import UserError
from genmodels.storage.progress import shown_on_stderr, watched
from genmodels.storage.strict_json import finite

PROG = "python -m benchmarks"
# By name, the module that measures it; each is imported when it is asked for, since some need what only tests install.
PARTS = dict.fromkeys(MODELS, "training") | {
    "memory": "memory",
    "large-folder": "large_folder",
    "processes": "processes",
    "busy": "busy",
    "viewers": "viewers",
    "app": "app",
    "readable": "readable",
    "latents": "latents",
    "map": "map_frames",
    "runs": "many_runs",
    "screens": "screens",
    "health": "health",
    "kills": "kills",
    "visitors": "visitors",
    "judges": "judges",
}


def main(arguments: list[str] | None = None) -> None:
    options = parse(arguments)
    with one_line(PROG):
        modules = {name: _module(name) for name in options.part}
    results: dict[str, dict[str, Any]] = {}
    with shown_on_stderr(), watched("benchmarks", len(modules), "parts") as advance:
        for name, module in modules.items():
            results[name] = module.measure(*([name] if name in MODELS else []), options.turns)
            advance(1)
    if options.json:
        print(json.dumps({part: _strict(values) for part, values in results.items()}, indent=2, allow_nan=False))
        return
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    for part, values in results.items():
        print(part)
        for name, value in values.items():
            print(f"  {name:45} {value if isinstance(value, str) else format(value, '10.3f')}")


def _strict(values: dict[str, Any]) -> dict[str, Any]:
    """What JSON can say of ``values``; ``reasons``, which is there where one is null, says why, by its name."""
    finite_ones, reasons = finite(values)
    return finite_ones | ({"reasons": reasons} if reasons else {})


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line asks for: ``part``, in the order of ``PARTS``; leaves with one line when it cannot be had."""
    parser = Parser(prog=PROG, description=__doc__.partition("\n")[0])
    # No `choices`: Python 3.11 refuses the empty list that stands for all.
    parser.add_argument(
        "part", nargs="*", help=f"{', '.join(PARTS)}; or models, which is every model of them [default all]"
    )
    parser.add_argument(
        "--turns", type=int, default=3, help="measurements of each, of which the median is told [default 3]"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, with one for each part")
    with one_line(PROG):
        options = parser.parse_args(arguments)
        if options.turns < 1:
            parser.error("--turns must be at least 1.")
        for name in options.part:
            if name not in PARTS and name != "models":
                parser.error(f"there is no benchmark {name!r}: choose from {', '.join([*PARTS, 'models'])}.")
    asked = {*options.part, *(MODELS if "models" in options.part else ())} or {*PARTS}
    options.part = [name for name in PARTS if name in asked]
    return options


def _module(name: str) -> Any:
    try:
        return importlib.import_module(f"benchmarks.{PARTS[name]}")
    except ModuleNotFoundError as error:
        raise UserError(f"{name} needs {error.name}, as the tests do: pip install -r requirements-dev.txt.") from error


if __name__ == "__main__":
    main()
