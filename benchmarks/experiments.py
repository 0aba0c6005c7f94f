"""Play prepared experiments as they stand, and print what was seen: the last values of their signs, the alarms, the seconds.

    python -m benchmarks.experiments posterior-collapse kl-annealing

Without a name, all of them, one after another, which takes half an hour of a core. What is printed belongs into
``genmodels/config/experiments/``; ``--seed`` shows whether it hangs on the seed.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from accelerate.state import AcceleratorState

from benchmarks.health import Rows, looks
from genmodels.config.base import RunConfig
from genmodels.config.experiments import Experiment, config_of, experiments
from genmodels.config.families import FAMILIES
from genmodels.training.trainer import Trainer


def play(config: RunConfig, experiment: Experiment, epochs: float = float("inf")) -> dict[str, Any]:
    """What is seen after so many epochs, or at the end."""
    kept, begin = Rows(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        try:
            Trainer(config, Path(folder), kept).run(until=epochs)
        finally:
            AcceleratorState._reset_state()
    rows = kept.frame()
    last, told = rows.groupby("name")["value"].last(), list(looks(config.model_dump(), rows))
    seen = {sign.curve: float(last[sign.curve]) for sign in experiment.signs if sign.curve in last}
    return {
        "seconds of a core": time.process_time() - begin,
        "alarms": [finding.kind for finding in told[-1].findings],
        "looks": Counter(map(str, told)),
        **seen,
        "out of bounds": [
            sign.curve for sign in experiment.signs if sign.curve in seen and not sign.holds(seen[sign.curve])
        ],
    }


def main() -> None:
    known = {found.name: (family, found) for family in FAMILIES for found in experiments(family)}
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(known)} [default all]")
    parser.add_argument("--seed", type=int, help="of the runs [default that of the form]")
    options = parser.parse_args()
    names, seed = options.names, {} if options.seed is None else {"seed": options.seed}
    if unknown := [name for name in names if name not in known]:
        parser.error(f"there is no experiment {unknown[0]}: choose from {', '.join(known)}")
    for name in names or known:
        family, experiment = known[name]
        config = config_of(family, experiment).model_copy(update=seed)
        print(json.dumps({name: play(config, experiment)}), flush=True)


if __name__ == "__main__":
    main()
