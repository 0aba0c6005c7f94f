"""Runs that are built on another model: a flow in the latent space of a VAE."""

from typing import Any

import pytest

from genmodels.config.command_line import Origin
from genmodels.config.families import LatentFlowConfig
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.jobs.built_on import settled
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.support.helpers import finished, see
from tests.support.training import assert_equal, quicken, tiny, train, weights


def flow_of(vae: str, **values: Any) -> LatentFlowConfig:
    small = {"width": 8, "blocks": 1, "batch_size": 100, "epochs": 2, "num_steps": 1, "check_every": 0, "device": "cpu"}
    return LatentFlowConfig.model_validate(small | {"vae": vae} | values)


@pytest.fixture
def vae(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A trained one."""
    quicken(monkeypatch)
    store, run = Store(), finished(tiny(epochs=1))
    store.describe(run.id, name="My VAE")
    return see(store, run)


def trained_flow(vae: Run) -> Run:
    store = Store()
    run = queue.create(store, flow_of(vae.id))
    train(settled(store, flow_of(vae.id)), store.folder(run.id))
    store.update(run.id, state="finished", epoch=2.0)
    return see(store, run)


def test_a_run_has_the_shapes_of_its_vae_and_its_command_names_the_vae_alone(vae: Run):
    run = queue.create(Store(), flow_of(vae.id))
    assert (run.config["vae_latent_dim"], run.config["vae_width"], run.config["vae_hidden"]) == (2, 4, 16)
    assert f"--vae {vae.id}" in run.command
    assert "latent-dim" not in run.command
    assert "vae-width" not in run.command


def test_it_resumes_bit_for_bit_after_its_vae_is_gone(vae: Run):
    store, config = Store(), settled(Store(), flow_of(vae.id))
    straight, stopped = (store.create(config.model_dump(), name) for name in ("straight", "stopped"))
    train(config, store.folder(straight.id))
    train(config, store.folder(stopped.id), stop_at=5)
    queue.delete(store, vae.id)
    train(config, store.folder(stopped.id))
    assert_equal(weights(store.folder(stopped.id)), weights(store.folder(straight.id)))


def test_another_run_begins_with_its_weights_after_the_vae_is_gone(vae: Run):
    store, parent = Store(), trained_flow(vae)
    queue.delete(store, vae.id)
    child = queue.create(store, flow_of(vae.id, epochs=1, learning_rate=1e-30), origin=Origin(parent.id))
    assert child.config["vae_latent_dim"] == 2
    train(flow_of(vae.id).model_copy(update=child.config), store.folder(child.id))
    space = {name: each for name, each in weights(store.folder(parent.id)).items() if name.startswith("vae.")}
    begun = {name: each for name, each in weights(store.folder(child.id)).items() if name.startswith("vae.")}
    assert_equal(begun, space)
    with pytest.raises(UserError, match=f"vae must be {vae.id} to continue from"):
        queue.create(store, flow_of("vae-mnist"), origin=Origin(parent.id))


def test_a_vae_that_is_gone_of_another_kind_or_size_or_not_trained_is_refused_in_a_sentence(vae: Run):
    store = Store()
    waiting = store.create(tiny().model_dump(), "Waiting")
    store.update(waiting.id, state="queued")
    empty = store.create(tiny().model_dump(), "Empty")
    store.update(empty.id, state="stopped")
    refused = {
        "no-such-run": "There is no VAE no-such-run here: give the id of a run that is there",
        "dcgan-mnist": "dcgan-mnist is no VAE, but a model of another family (Deep convolutional GAN): choose another VAE",
        waiting.id: f"Waiting ({waiting.id}) has not ended its training yet: wait for that",
        empty.id: f"Empty ({empty.id}) has no whole checkpoint: let it train further",
    }
    for name, sentence in refused.items():
        with pytest.raises(UserError) as caught:
            queue.create(store, flow_of(name))
        assert str(caught.value).startswith(sentence)
    with pytest.raises(UserError, match="is of images of 28 pixels and 1 channels, in place of 32 and 1"):
        queue.create(store, flow_of(vae.id, image_size=32))
    assert {run.id for run in store.runs()} == {vae.id, waiting.id, empty.id}
