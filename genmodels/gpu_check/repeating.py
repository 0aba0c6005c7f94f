"""Runs with ``--deterministic``, which must come out the same to the last bit: in another process, and after a kill."""

import signal
from collections.abc import Iterator

from genmodels.config.base import RunConfig
from genmodels.config.families import FAMILIES
from genmodels.gpu_check.child import train_in_child
from genmodels.gpu_check.row import Figure, Row
from genmodels.gpu_check.session import Session, difference, newest, trainer

EPOCHS = 3


def repeat(session: Session) -> Iterator[Row]:
    """Every family, here and in a process of its own."""
    configs = {family: _config(session, family) for family in FAMILIES}
    there = {family: session.folder / f"there-{family}" for family in FAMILIES}
    train_in_child([(config, there[family]) for family, config in configs.items()])
    for family, config in configs.items():
        here = session.folder / f"here-{family}"
        trainer(config, here).run()
        apart = difference(newest(here).weights, newest(there[family]).weights)
        yield Row(f"{family}, twice", {"weights differ by": Figure(apart, most=0.0)})


def kill(session: Session) -> Iterator[Row]:
    """A run whose process is killed once it has a checkpoint, and that is resumed in this one; beside one that was left alone."""
    config = _config(session, "dcgan")
    alone, killed = session.folder / "alone", session.folder / "killed"
    whole = trainer(config, alone)
    whole.run()
    status = train_in_child([(config, killed)], "--die")
    reached = newest(killed).step
    trainer(config, killed).run()
    apart = difference(newest(killed).weights, newest(alone).weights)
    figures = {
        "signal that ended it": Figure(-status, least=signal.SIGKILL, most=signal.SIGKILL),
        "step of its checkpoint": Figure(reached, least=1, most=whole.total_steps - 1),
        "weights differ by": Figure(apart, most=0.0),
    }
    yield Row("killed and resumed", figures)


def _config(session: Session, family: str) -> RunConfig:
    return session.config(family, deterministic=True, epochs=EPOCHS, check_every=0 if session.quick else 1)
