"""Measure speed and memory here and now.

    python -m benchmarks              everything
    python -m benchmarks dcgan        one part

Machines differ and are shared: the ratios of one run are what counts.
"""

import argparse
import json
import platform
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks import (
    app,
    busy,
    health,
    kills,
    large_folder,
    latents,
    many_runs,
    memory,
    processes,
    readable,
    training,
    viewers,
    visitors,
)

MODELS: dict[str, Callable[[int], dict[str, Any]]] = {name: partial(training.measure, name) for name in training.MODELS}
PARTS = MODELS | {
    "memory": memory.measure,
    "large-folder": large_folder.measure,
    "processes": processes.measure,
    "busy": busy.measure,
    "viewers": viewers.measure,
    "app": app.measure,
    "readable": readable.measure,
    "latents": latents.measure,
    "runs": many_runs.measure,
    "health": health.measure,
    "kills": kills.measure,
    "visitors": visitors.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("part", nargs="*", choices=[*PARTS, "models"], help="default: all; models: every one of them")
    parser.add_argument("--turns", type=int, default=3, help="the median of so many is told [default 3]")
    parser.add_argument("--json", action="store_true", help="print one JSON object, with one for each part")
    options = parser.parse_args()
    asked = options.part or list(PARTS)
    results = {
        name: PARTS[name](options.turns) for name in PARTS if name in asked or ("models" in asked and name in MODELS)
    }
    if options.json:
        print(json.dumps(results, indent=2))
        return
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    for part, values in results.items():
        print(part)
        for name, value in values.items():
            print(f"  {name:45} {value if isinstance(value, str) else format(value, '10.3f')}")


if __name__ == "__main__":
    main()
