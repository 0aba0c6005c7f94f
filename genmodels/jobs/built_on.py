"""The trained model that a run is built on, as a flow in a latent space is on a VAE: what its networks follow from, and whether it is
there. Free of torch."""

from genmodels.checkpoints.integrity import NEWEST
from genmodels.checkpoints.pretrained import find
from genmodels.checkpoints.start import newest_whole
from genmodels.config.base import RunConfig
from genmodels.config.command_line import Origin
from genmodels.config.families import LatentFlowConfig, understood
from genmodels.errors import TrainingError
from genmodels.language import N_
from genmodels.runs.store import Store


def settled(store: Store, config: RunConfig, origin: Origin | None = None) -> RunConfig:
    """``config`` with the shapes of the model that it is built on, if it is on any; raises ``UserError`` where that is gone, of another
    kind, or not trained. A run that begins with weights of ``origin`` has it with those."""
    if not isinstance(config, LatentFlowConfig):
        return config
    parent = store.get(origin.run) if origin else None
    if parent and isinstance(before := understood(parent.config, parent.name), LatentFlowConfig):
        return config.model_copy(update=before.shapes())
    name = config.vae
    try:
        return config.settled(_trained(store, name))
    except ValueError as error:
        raise TrainingError(
            N_("{name} {error}: choose another VAE, or other images.", name=name, error=error)
        ) from error


def _trained(store: Store, name: str) -> RunConfig:
    """The config of a trained model by its name; raises ``UserError``."""
    if (model := find(name)) is not None:
        return understood(model.config, name)
    run = store.get(name)
    if run is None:
        raise TrainingError(
            N_(
                "There is no VAE {name} here: give the id of a run that is there, or a pretrained one, as vae-mnist.",
                name=name,
            )
        )
    if run.alive:
        raise TrainingError(
            N_(
                "{name} ({id}) has not ended its training yet: wait for that, or choose another VAE.",
                name=run.name,
                id=name,
            )
        )
    if newest_whole(run.id, store.folder(run.id) / NEWEST) is None:
        raise TrainingError(
            N_(
                "{name} ({id}) has no whole checkpoint: let it train further, or choose another VAE.",
                name=run.name,
                id=name,
            )
        )
    return understood(run.config, run.name)
