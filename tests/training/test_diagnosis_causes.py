"""What a finding advises: settings that the form of this very run has, and values that it takes."""

from collections.abc import Iterator
from typing import Any

import pytest

from genmodels.config.base import RunConfig, matters
from genmodels.config.families import (
    FAMILIES,
    CGANConfig,
    DCGANConfig,
    FlowConfig,
    GANConfig,
    InfoGANConfig,
    VAEConfig,
    parse,
)
from genmodels.config.objectives import OBJECTIVES
from genmodels.language import N_, _, speaking
from genmodels.training.diagnosis.causes import Cause
from genmodels.training.diagnosis.evidence import Evidence
from genmodels.training.diagnosis.rules import RULES, Rule

UNUSUAL: dict[str, dict[str, Any]] = {
    "as usual": {},
    "extreme": {
        "learning_rate": 1.0, "beta": 40, "instance_noise": 2.0, "n_critic": 20, "generator_rate": 100, "latent_dim": 1,
        "width": 256, "precision": "bf16", "ema_decay": 0.0, "epochs": 2000, "diversity_weight": 0,
    },
    "timid": {"learning_rate": 1e-9, "generator_rate": 1e-3, "warmup_epochs": 5, "schedule": "cosine", "epochs": 1},
}  # fmt: skip


def configs() -> Iterator[RunConfig]:
    """One of each family, objective, condition and kind of settings."""
    for family, config in FAMILIES.items():
        objectives = [{"objective": name} for name in OBJECTIVES] if issubclass(config, GANConfig) else [{}]
        conditions = [{"condition": name} for name in ("label", "picture")] if config is CGANConfig else [{}]
        for objective in objectives:
            for condition in conditions:
                for values in UNUSUAL.values():
                    known = {name: value for name, value in values.items() if name in config.model_fields}
                    yield parse({"family": family} | objective | condition | known)


def rules_of(config: RunConfig) -> list[Rule]:
    return [rule for rule in RULES if isinstance(config, rule.family)]


def test_every_setting_that_is_named_is_one_of_the_run_and_takes_the_value():
    for config in configs():
        run = Evidence(config.model_dump(), {})
        for rule in rules_of(config):
            for cause in rule.causes(run):
                where = f"{config.family}: {rule.kind}: {cause}"
                field = type(config).model_fields[cause.field]
                assert matters(field, config.model_dump() | {cause.field: cause.value}), where
                assert cause.value != getattr(config, cause.field), where
                chosen = {"family": config.family, "condition": getattr(config, "condition", None)}
                known = {name: value for name, value in chosen.items() if name in type(config).model_fields}
                assert getattr(parse(known | {cause.field: cause.value}), cause.field) == cause.value, where


def test_every_finding_has_an_advice():
    for config in configs():
        for rule in rules_of(config):
            assert config.epochs == 2000 or any(rule.causes(Evidence(config.model_dump(), {}))), rule.kind


def first(kind: str, config: RunConfig) -> tuple[str, Any]:
    rule = next(rule for rule in rules_of(config) if rule.kind == kind)
    cause = next(rule.causes(Evidence(config.model_dump(), {})))
    return cause.field, cause.value


@pytest.mark.parametrize(
    ("kind", "config", "advice"),
    [
        ("noise", DCGANConfig(learning_rate=0.5), ("learning_rate", 2e-4)),
        ("noise", DCGANConfig(precision="bf16"), ("precision", "fp32")),
        ("not finite", VAEConfig(learning_rate=0.1), ("learning_rate", 1e-3)),
        ("frozen", DCGANConfig(learning_rate=1e-9), ("learning_rate", 2e-4)),
        ("discriminator dominates", DCGANConfig(generator_rate=0.01), ("generator_rate", 1.0)),
        ("discriminator dominates", DCGANConfig(objective="minimax"), ("objective", "non-saturating")),
        ("discriminator dominates", DCGANConfig(n_critic=5), ("n_critic", 1)),
        ("generator dominates", DCGANConfig(generator_rate=50), ("generator_rate", 1.0)),
        ("generator not learning", DCGANConfig(generator_rate=1e-6), ("generator_rate", 1.0)),
        ("collapse", DCGANConfig(), ("objective", "wasserstein-gp")),
        ("collapse", DCGANConfig(latent_dim=1), ("latent_dim", 100)),
        ("collapse", InfoGANConfig(), ("diversity_weight", 1.0)),
        ("collapse", CGANConfig(condition="picture", diversity_weight=0), ("diversity_weight", 5.0)),
        ("posterior collapse", VAEConfig(beta=40), ("beta", 1.0)),
        ("posterior collapse", VAEConfig(epochs=40), ("warmup_epochs", 10.0)),
        ("samples alike", VAEConfig(latent_dim=2), ("latent_dim", 16)),
        ("loss stuck", FlowConfig(learning_rate=1e-9), ("learning_rate", 1e-3)),
        ("grey samples", FlowConfig(num_steps=1), ("num_steps", 10)),
        ("illegible samples", DCGANConfig(learning_rate=0.003), ("learning_rate", 2e-4)),
    ],
)
def test_the_setting_that_is_unusual_is_suspected_first(kind: str, config: RunConfig, advice: tuple[str, Any]):
    assert first(kind, config) == advice


def test_in_persian_what_is_advised_has_no_latin_digits():
    cause = Cause(N_("its steps are too small"), "generator_rate", 0.0005)
    said = cause.sentence(DCGANConfig), cause.label(DCGANConfig)
    assert said[1].endswith("to 0.0005")
    with speaking("fa"):
        assert not any(digit in _(sentence) for sentence in said for digit in "0123456789")
