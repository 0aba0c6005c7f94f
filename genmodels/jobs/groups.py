"""Runs that belong together, started, stopped, resumed and deleted as one: all of them, or none where one is refused."""

from collections.abc import Mapping, Sequence

from genmodels.config.base import RunConfig
from genmodels.config.families import understood
from genmodels.errors import TrainingError, UserError
from genmodels.jobs import queue
from genmodels.language import N_
from genmodels.runs.groups import Kind, new_group
from genmodels.runs.run import Run
from genmodels.runs.store import Store

MOST_RUNS = 30  # of a group; each waits in a process of its own


def start(store: Store, configs: Mapping[str, RunConfig], kind: Kind, owner: str = "") -> list[Run]:
    """Put runs of ``owner``, called by the names of their ``configs``, into the queue as one group; raises ``UserError`` when they may
    not be started together."""
    if len(configs) > MOST_RUNS:
        raise TrainingError(
            N_("These are {n} runs, and a group has at most {most}: choose fewer.", n=len(configs), most=MOST_RUNS)
        )
    with queue.permitted(store, list(configs.values()), owner):
        group, runs = new_group(kind), []
        for name, config in configs.items():
            run = queue.create(store, config, name, owner, group=group)
            runs.append(queue.launch(store, run, queue.hold(store, run.id)))
        return runs


def stop(store: Store, ids: Sequence[str]) -> None:
    """Ask the workers of these runs to leave, the last one first, so that none of them gets its turn meanwhile."""
    for run in reversed(store.get_many(ids)):
        queue.stop(store, run.id)


def resume(store: Store, ids: Sequence[str]) -> None:
    """Let those of these runs go on that have ended before their last epoch; raises ``UserError`` when they may not, together."""
    queue.mark_interrupted(store)
    runs = [run for run in store.get_many(ids) if is_resumable(run)]
    if not runs:
        return
    configs = [understood(run.config, run.name) for run in runs]
    with queue.permitted(store, configs, runs[0].owner, runs):
        for run in runs:
            queue.launch(store, run, queue.hold(store, run.id))


def is_resumable(run: Run) -> bool:
    """Whether there is anything left of a run that nobody trains."""
    return not run.alive and run.state != "finished"


def delete(store: Store, ids: Sequence[str]) -> None:
    """Remove these runs for good; raises ``UserError`` while one of them is under way."""
    queue.mark_interrupted(store)
    runs = store.get_many(ids)
    if alive := [run for run in runs if run.alive]:
        raise UserError(
            N_("{run} is under way: stop it first, then delete it.", run=alive[0].name)
            if len(runs) == 1
            else N_("{run} is under way: stop it first, then delete all.", run=alive[0].name)
        )
    for run in runs:
        queue.delete(store, run.id)
