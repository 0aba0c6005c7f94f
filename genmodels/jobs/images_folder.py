"""Where the images of a run are, after it has come from another machine."""

import os

from genmodels.config import families
from genmodels.data.folder_check import FolderReport, inspect_folder, local
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.jobs.policy import policy
from genmodels.language import N_
from genmodels.runs.run import rewrite_copy
from genmodels.runs.store import Store


def set_images_folder(store: Store, run_id: str, folder: str) -> FolderReport:
    """Point a run to a folder of this machine, and tell what is in it; raises ``UserError`` where nobody may train on it here,
    there is nothing to train on, or the run is under way or of another version."""
    run = store.get(run_id)
    if run is None or run.config.get("dataset") != "folder":
        raise UserError(N_("This run has no images of its own: choose a run that was trained on a folder."))
    config = families.altered(families.understood(run.config, run.name), folder=folder)
    images = local(folder)
    policy().check_folder(images)
    report = inspect_folder(images, class_folders=config.class_folders)
    held = queue.hold(store, run_id)  # its file is also what tells a run of this machine from an imported one
    try:
        rewrite_copy(store.folder(run_id), config.model_dump())
        store.update(run_id, config=config.model_dump())
    finally:
        os.close(held)
    return report
