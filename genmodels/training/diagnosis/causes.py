"""What may cause a fault, by the settings of the run: the likeliest first, each with the one setting to change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from genmodels.config.base import RunConfig, field_label
from genmodels.config.families import InfoGANConfig
from genmodels.training.diagnosis.evidence import UNUSUAL, Evidence

INSTANCE_NOISE = 0.3  # as the pretrained models have
GENERATOR_RATE = 5.0  # likewise


@dataclass(frozen=True)
class Cause:
    """``reason``: the first half of a sentence; ``field`` of the config, and the ``value`` to try in it."""

    reason: str
    field: str
    value: Any

    def sentence(self, family: type[RunConfig]) -> str:
        """With the name that the form of ``family`` gives the field."""
        return f'{self.reason}: set "{field_label(self.field, family.model_fields[self.field])}" to {self.shown}.'

    def label(self, family: type[RunConfig]) -> str:
        """The change alone."""
        return f"{field_label(self.field, family.model_fields[self.field])} to {self.shown}"

    @property
    def shown(self) -> str:
        """The value as text."""
        return self.value if isinstance(self.value, str) else f"{self.value:g}"


Causes = Iterator[Cause]


def unstable(run: Evidence) -> Causes:
    """Why numbers grow beyond all bounds."""
    yield from _high_rate(run)
    yield from _half_precision(run)
    yield from _lower_rate(run)


def frozen(run: Evidence) -> Causes:
    """Steps too small to see, or so large that the first ones have saturated the networks."""
    yield from _low_rate(run)
    yield from _high_rate(run)
    yield from _half_precision(run)
    yield from _higher_rate(run)


def ignored_code(run: Evidence) -> Causes:
    config = run.config
    if config["beta"] > 1:
        yield Cause(f"beta is {config['beta']:g}, so that each nat in the code costs that many", "beta", 1.0)
    yield from _high_rate(run)
    if config["warmup_epochs"] == 0:
        warmup = max(1.0, float(config["epochs"] // 4))
        yield Cause("the KL term has its full weight from the first step on", "warmup_epochs", warmup)
    yield from _lower_rate(run)


def still_generator(run: Evidence) -> Causes:
    yield from _slow_generator(run)
    yield from _low_rate(run)
    yield from _high_rate(run)
    yield from _saturating(run)
    if run.config["generator_rate"] < GENERATOR_RATE:
        yield Cause("its steps are too small", "generator_rate", GENERATOR_RATE)
    yield from _higher_rate(run)


def strong_discriminator(run: Evidence) -> Causes:
    config = run.config
    yield from _saturating(run)
    yield from _slow_generator(run)
    if config["n_critic"] > 1:
        yield Cause(f"it has {config['n_critic']} steps for one of the generator", "n_critic", 1)
    yield from _high_rate(run)
    if config["instance_noise"] == 0:
        yield Cause("real and fake images do not overlap", "instance_noise", INSTANCE_NOISE)
    yield from _lower_rate(run)


def strong_generator(run: Evidence) -> Causes:
    config = run.config
    if config["generator_rate"] > 1:
        reason = f"its steps are {config['generator_rate']:g} times as large as the discriminator's"
        yield Cause(reason, "generator_rate", 1.0)
    if config["instance_noise"] > INSTANCE_NOISE:
        yield Cause("the noise on all images hides what they show", "instance_noise", INSTANCE_NOISE)
    yield from _low_rate(run)
    if config["n_critic"] < 20:
        yield Cause("the discriminator has too few steps", "n_critic", config["n_critic"] + 1)
    if config["width"] < 256:
        yield Cause("the discriminator is too narrow", "width", min(256, 2 * config["width"]))


def mode_collapse(run: Evidence) -> Causes:
    config, usual = run.config, run.defaults
    if config["latent_dim"] < usual["latent_dim"] / 10:
        yield Cause(f"z has only {config['latent_dim']} dimensions", "latent_dim", usual["latent_dim"])
    yield from _high_rate(run)
    if issubclass(run.family, InfoGANConfig) and config["diversity_weight"] == 0:
        yield Cause("one image for each category is all that the code asks for", "diversity_weight", 1.0)
    if config.get("condition") == "picture" and config["diversity_weight"] == 0:
        yield Cause("nothing makes the generator heed its noise", "diversity_weight", usual["diversity_weight"])
    if config["objective"] not in ("wasserstein-gp", "relativistic"):
        yield Cause(
            "this objective judges each image by itself, and not how they spread", "objective", "wasserstein-gp"
        )
    if config["instance_noise"] == 0:
        yield Cause("the discriminator is too sure", "instance_noise", INSTANCE_NOISE)
    yield from _lower_rate(run)


def alike(run: Evidence) -> Causes:
    config, usual = run.config, run.defaults
    if config.get("beta", 0) > 1:
        yield Cause(f"with beta {config['beta']:g} the code says little of the image", "beta", 1.0)
    if config.get("latent_dim", 0) < usual.get("latent_dim", 0):
        yield Cause(f"the code has only {config['latent_dim']} dimensions", "latent_dim", usual["latent_dim"])
    yield from _high_rate(run)
    yield from _longer(run)


def noise(run: Evidence) -> Causes:
    yield from _high_rate(run)
    yield from _half_precision(run)
    if run.is_gan and run.config["objective"] != "hinge":
        yield Cause("the two networks have lost their balance", "objective", "hinge")
    yield from _lower_rate(run)


def grey(run: Evidence) -> Causes:
    config, usual = run.config, run.defaults
    if config["num_steps"] < usual["num_steps"]:
        reason = f"{config['num_steps']} of them are too few steps from noise to image"
        yield Cause(reason, "num_steps", usual["num_steps"])
    yield from _low_rate(run)
    yield from _high_rate(run)
    yield from _longer(run)


def illegible(run: Evidence) -> Causes:
    config = run.config
    yield from _high_rate(run)
    if config["ema_decay"] < 0.99:
        yield Cause("no average steadies the weights", "ema_decay", run.defaults["ema_decay"])
    if config["schedule"] == "constant":
        yield Cause("the last steps are as large as the first", "schedule", "cosine")
    yield from _longer(run)


def _high_rate(run: Evidence) -> Causes:
    if (times := run.rate_over_default) > UNUSUAL:
        reason = f"the learning rate of {run.config['learning_rate']:g} is {times:.3g} times the default"
        yield Cause(reason, "learning_rate", run.defaults["learning_rate"])


def _low_rate(run: Evidence) -> Causes:
    if run.rate_over_default * UNUSUAL < 1:
        reason = f"the learning rate of {run.config['learning_rate']:g} is far below the default"
        yield Cause(reason, "learning_rate", run.defaults["learning_rate"])


def _lower_rate(run: Evidence) -> Causes:
    rate = min(run.config["learning_rate"], run.defaults["learning_rate"])
    yield Cause("a lower learning rate is steadier", "learning_rate", _rounded(rate / 4))


def _higher_rate(run: Evidence) -> Causes:
    if run.rate_over_default <= UNUSUAL:
        rate = max(run.config["learning_rate"], run.defaults["learning_rate"])
        yield Cause("a higher learning rate takes larger steps", "learning_rate", _rounded(4 * rate))


def _rounded(rate: float) -> float:
    return float(f"{rate:.1g}")


def _half_precision(run: Evidence) -> Causes:
    if run.config["precision"] == "bf16":
        yield Cause("bf16 rounds to eight bits", "precision", "fp32")


def _saturating(run: Evidence) -> Causes:
    if run.config["objective"] == "minimax":
        yield Cause("the minimax loss is flat where the discriminator is sure", "objective", "non-saturating")


def _slow_generator(run: Evidence) -> Causes:
    if (rate := run.config["generator_rate"]) < 1:
        yield Cause(f"the generator's steps are {rate:g} times as large as the discriminator's", "generator_rate", 1.0)


def _longer(run: Evidence) -> Causes:
    if run.config["epochs"] < 2000:
        yield Cause("it has not trained for long enough", "epochs", min(2000, 2 * run.config["epochs"]))
