"""How long until a run with the form's own values, but looked at twice an epoch, on the embedded digits, draws digits that the classifier can read."""

import os
import tempfile
import time
from pathlib import Path

from genmodels.config.base import RunConfig
from genmodels.config.families import DCGANConfig, FlowConfig, VAEConfig
from genmodels.jobs import queue
from genmodels.runs.store import Run, Store

CONFIDENT, COVERED = 0.5, 9  # share of samples that are classified with p > 0.5, and classes among them
LIMIT = 300.0  # seconds
LOAD_SECONDS = 15.0  # in which the process that stands ready loads, as it does while a visitor looks at the form


def measure(turns: int) -> dict[str, float]:
    """Seconds from the start to such samples, and then to the first point of a curve; infinite beyond ``LIMIT``. One turn is told."""
    result: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GENMODELS_HOME"] = str(Path(folder) / "home")
        for config in (VAEConfig(check_every=0.5), DCGANConfig(check_every=0.5), FlowConfig(check_every=0.5)):
            queue.SPARE.keep()
            time.sleep(LOAD_SECONDS)
            first, readable = _watch(Store(), config)
            result |= {f"{config.acronym}, first point (s)": first, f"{config.acronym}, readable samples (s)": readable}
    return result


def _watch(store: Store, config: RunConfig) -> tuple[float, float]:
    begin, first = time.monotonic(), float("inf")
    run = queue.start(store, config)
    try:
        while (now := time.monotonic() - begin) < LIMIT:
            rows = store.metrics(run.id)
            if len(rows):
                first = min(first, now)
            looks = rows.pivot(index="step", columns="name", values="value")
            if (
                "score/confident_share" in looks
                and ((looks["score/confident_share"] > CONFIDENT) & (looks["score/classes_covered"] >= COVERED)).any()
            ):
                return first, now
            time.sleep(0.2)
        return first, float("inf")
    finally:
        queue.stop(store, run.id)
        _wait_for_end(store, run)


def _wait_for_end(store: Store, run: Run) -> None:
    while (row := store.get(run.id)) is not None and row.alive:
        time.sleep(0.2)
