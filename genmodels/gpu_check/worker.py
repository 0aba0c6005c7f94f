"""A worker as the queue starts one, which trains on random images: ``python -m genmodels.gpu_check.worker RUN``."""

import os
import sys
from typing import TYPE_CHECKING

from genmodels.config.base import RunConfig
from genmodels.jobs.warm_worker import LOCK_VARIABLE
from genmodels.jobs.worker import work
from genmodels.runs.store import Store

if TYPE_CHECKING:
    from genmodels.data.dataset import Dataset, Progress, Split


def main(run_id: str) -> None:
    """Train the run, whose lock this process has inherited."""
    store = Store()
    run = store.get(run_id)
    if run is None:
        sys.exit(f"There is no run {run_id} in {store.root}.")
    work(store, run, int(os.environ.pop(LOCK_VARIABLE)), print, loader=_many)


def _many(config: RunConfig, split: "Split", progress: "Progress") -> "Dataset":
    from genmodels.gpu_check import images  # with torch, which a worker loads when its turn has come

    return images.many(config, split, progress)


if __name__ == "__main__":
    main(sys.argv[1])
