"""How long a run will take, told before it starts."""

import pytest

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.errors import UserError
from genmodels.jobs import estimate, rehearsal
from genmodels.jobs.devices import devices_of, hold
from genmodels.runs.run import LOCK, Run
from genmodels.runs.store import Store
from genmodels.training.rehearsal import rehearse
from tests.support.training import tiny


def ended(config: VAEConfig, **values: float) -> Run:
    store = Store()
    run = store.create(config.model_dump())
    store.update(run.id, state="finished", **values)
    (store.folder(run.id) / LOCK).touch()
    return run


def test_a_run_takes_as_long_a_step_as_the_last_one_like_it():
    ended(VAEConfig(), step=100, seconds=10.0)
    store = Store()
    assert estimate.seconds_a_step(store, VAEConfig(beta=4, epochs=3, dataset="kmnist", learning_rate=0.1)) == 0.1
    assert estimate.seconds_a_step(store, VAEConfig(width=16)) is None
    assert estimate.seconds_a_step(store, VAEConfig(batch_size=32)) is None
    assert estimate.seconds_a_step(store, VAEConfig(device="cpu")) is None
    ended(VAEConfig(), step=100, seconds=30.0)
    assert estimate.seconds_a_step(store, VAEConfig()) == 0.3


def test_a_run_of_another_machine_tells_nothing():
    run = ended(VAEConfig(), step=100, seconds=10.0)
    (Store().folder(run.id) / LOCK).unlink()
    assert estimate.seconds_a_step(Store(), VAEConfig()) is None


def test_steps_are_known_for_sets_whose_images_are_counted():
    store = Store()
    assert estimate.steps(store, VAEConfig(epochs=2)) == 2 * (4000 // 64)
    assert estimate.steps(store, DCGANConfig(epochs=1, dataset="cifar10", batch_size=100)) == 500
    assert estimate.steps(store, VAEConfig(epochs=3, train_images=10)) == 3
    own = VAEConfig(dataset="folder", folder="/pictures", epochs=4)
    assert estimate.steps(store, own) is None
    ended(own, total_steps=40)
    assert estimate.steps(store, own.model_copy(update={"epochs": 2, "beta": 3.0})) == 20


def test_a_rehearsal_takes_a_step_or_more():
    assert 0 < rehearse(tiny(), seconds=0.01) < 60


def test_nothing_is_measured_while_something_trains_on_the_device():
    store = Store()
    held = hold(store.root / "locks", devices_of(tiny().model_dump()))
    assert held
    with pytest.raises(UserError, match="Something trains on this device now"):
        rehearsal.measure(store, tiny())
