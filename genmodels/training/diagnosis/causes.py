"""What may cause a fault, by the settings of the run: the likeliest first, each with the one setting to change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from genmodels.config.base import RunConfig
from genmodels.config.families import InfoGANConfig
from genmodels.config.wording import field_label
from genmodels.language import N_, Message, counted
from genmodels.training.diagnosis.evidence import UNUSUAL, Evidence

INSTANCE_NOISE = 0.3  # as the pretrained models have
GENERATOR_RATE = 5.0  # likewise


@dataclass(frozen=True)
class Cause:
    """``reason``: the first half of a sentence; ``field`` of the config, and the ``value`` to try in it."""

    reason: str
    field: str
    value: Any

    def sentence(self, family: type[RunConfig]) -> Message:
        """With the name that the form of ``family`` gives the field."""
        return N_(
            '{reason}: set "{label}" to {value}.',
            reason=self.reason,
            label=field_label(self.field, family.model_fields[self.field]),
            value=self.shown,
        )

    def label(self, family: type[RunConfig]) -> Message:
        """The change alone."""
        label = field_label(self.field, family.model_fields[self.field])
        return N_("{label} to {value}", label=label, value=self.shown)

    @property
    def shown(self) -> str:
        """The value as text, a number as a message."""
        return self.value if isinstance(self.value, str) else N_("{number:g}", number=self.value)


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
        yield Cause(
            N_("beta is {beta:g}, so that each nat in the code costs that many", beta=config["beta"]), "beta", 1.0
        )
    yield from _high_rate(run)
    if config["warmup_epochs"] == 0:
        warmup = max(1.0, float(config["epochs"] // 4))
        yield Cause(N_("the KL term has its full weight from the first step on"), "warmup_epochs", warmup)
    yield from _lower_rate(run)


def still_generator(run: Evidence) -> Causes:
    yield from _slow_generator(run)
    yield from _low_rate(run)
    yield from _high_rate(run)
    yield from _saturating(run)
    if run.config["generator_rate"] < GENERATOR_RATE:
        yield Cause(N_("its steps are too small"), "generator_rate", GENERATOR_RATE)
    yield from _higher_rate(run)


def strong_discriminator(run: Evidence) -> Causes:
    config = run.config
    yield from _saturating(run)
    yield from _slow_generator(run)
    if config["n_critic"] > 1:
        yield Cause(N_("it has {n_critic} steps for one of the generator", n_critic=config["n_critic"]), "n_critic", 1)
    yield from _high_rate(run)
    if config["instance_noise"] == 0:
        yield Cause(N_("real and fake images do not overlap"), "instance_noise", INSTANCE_NOISE)
    yield from _lower_rate(run)


def strong_generator(run: Evidence) -> Causes:
    config = run.config
    if config["generator_rate"] > 1:
        reason = N_(
            "its steps are {generator_rate:g} times as large as the discriminator's",
            generator_rate=config["generator_rate"],
        )
        yield Cause(reason, "generator_rate", 1.0)
    if config["instance_noise"] > INSTANCE_NOISE:
        yield Cause(N_("the noise on all images hides what they show"), "instance_noise", INSTANCE_NOISE)
    yield from _low_rate(run)
    if config["n_critic"] < 20:
        yield Cause(N_("the discriminator has too few steps"), "n_critic", config["n_critic"] + 1)
    if config["width"] < 256:
        yield Cause(N_("the discriminator is too narrow"), "width", min(256, 2 * config["width"]))


def mode_collapse(run: Evidence) -> Causes:
    config, usual = run.config, run.defaults
    if config["latent_dim"] < usual["latent_dim"] / 10:
        few = counted("z has only {n} dimension", "z has only {n} dimensions", n=config["latent_dim"])
        yield Cause(few, "latent_dim", usual["latent_dim"])
    yield from _high_rate(run)
    if issubclass(run.family, InfoGANConfig) and config["diversity_weight"] == 0:
        yield Cause(N_("one image for each category is all that the code asks for"), "diversity_weight", 1.0)
    if config.get("condition") == "picture" and config["diversity_weight"] == 0:
        yield Cause(N_("nothing makes the generator heed its noise"), "diversity_weight", usual["diversity_weight"])
    if config["objective"] not in ("wasserstein-gp", "relativistic"):
        yield Cause(
            N_("this objective judges each image by itself, and not how they spread"), "objective", "wasserstein-gp"
        )
    if config["instance_noise"] == 0:
        yield Cause(N_("the discriminator is too sure"), "instance_noise", INSTANCE_NOISE)
    yield from _lower_rate(run)


def alike(run: Evidence) -> Causes:
    config, usual = run.config, run.defaults
    if config.get("beta", 0) > 1:
        yield Cause(N_("with beta {beta:g} the code says little of the image", beta=config["beta"]), "beta", 1.0)
    if config.get("latent_dim", 0) < usual.get("latent_dim", 0):
        few = counted("the code has only {n} dimension", "the code has only {n} dimensions", n=config["latent_dim"])
        yield Cause(few, "latent_dim", usual["latent_dim"])
    yield from _high_rate(run)
    yield from _longer(run)


def noise(run: Evidence) -> Causes:
    yield from _high_rate(run)
    yield from _half_precision(run)
    if run.is_gan and run.config["objective"] != "hinge":
        yield Cause(N_("the two networks have lost their balance"), "objective", "hinge")
    yield from _lower_rate(run)


def grey(run: Evidence) -> Causes:
    config, usual = run.config, run.defaults
    if config["num_steps"] < usual["num_steps"]:
        reason = N_("{num_steps} of them are too few steps from noise to image", num_steps=config["num_steps"])
        yield Cause(reason, "num_steps", usual["num_steps"])
    yield from _low_rate(run)
    yield from _high_rate(run)
    yield from _longer(run)


def illegible(run: Evidence) -> Causes:
    config = run.config
    yield from _high_rate(run)
    if config["ema_decay"] < 0.99:
        yield Cause(N_("no average steadies the weights"), "ema_decay", run.defaults["ema_decay"])
    if config["schedule"] == "constant":
        yield Cause(N_("the last steps are as large as the first"), "schedule", "cosine")
    yield from _longer(run)


def _high_rate(run: Evidence) -> Causes:
    if (times := run.rate_over_default) > UNUSUAL:
        reason = N_(
            "the learning rate of {learning_rate:g} is {times:.3g} times the default",
            learning_rate=run.config["learning_rate"],
            times=times,
        )
        yield Cause(reason, "learning_rate", run.defaults["learning_rate"])


def _low_rate(run: Evidence) -> Causes:
    if run.rate_over_default * UNUSUAL < 1:
        reason = N_(
            "the learning rate of {learning_rate:g} is far below the default", learning_rate=run.config["learning_rate"]
        )
        yield Cause(reason, "learning_rate", run.defaults["learning_rate"])


def _lower_rate(run: Evidence) -> Causes:
    rate = min(run.config["learning_rate"], run.defaults["learning_rate"])
    yield Cause(N_("a lower learning rate is steadier"), "learning_rate", _rounded(rate / 4))


def _higher_rate(run: Evidence) -> Causes:
    if run.rate_over_default <= UNUSUAL:
        rate = max(run.config["learning_rate"], run.defaults["learning_rate"])
        yield Cause(N_("a higher learning rate takes larger steps"), "learning_rate", _rounded(4 * rate))


def _rounded(rate: float) -> float:
    return float(f"{rate:.1g}")


def _half_precision(run: Evidence) -> Causes:
    if run.config["precision"] == "bf16":
        yield Cause(N_("bf16 rounds to eight bits"), "precision", "fp32")


def _saturating(run: Evidence) -> Causes:
    if run.config["objective"] == "minimax":
        yield Cause(N_("the minimax loss is flat where the discriminator is sure"), "objective", "non-saturating")


def _slow_generator(run: Evidence) -> Causes:
    if (rate := run.config["generator_rate"]) < 1:
        yield Cause(
            N_("the generator's steps are {rate:g} times as large as the discriminator's", rate=rate),
            "generator_rate",
            1.0,
        )


def _longer(run: Evidence) -> Causes:
    if run.config["epochs"] < 2000:
        yield Cause(N_("it has not trained for long enough"), "epochs", min(2000, 2 * run.config["epochs"]))
