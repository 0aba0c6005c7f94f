"""What runs that were really trained are told while they begin; their scores are those of runs on the embedded digits."""

from collections.abc import Sequence
from typing import Any

import pytest

from genmodels.config.families import FAMILIES, DCGANConfig, InfoGANConfig, VAEConfig
from genmodels.training.diagnosis import diagnose
from tests.support.health import Values, findings, kinds, moving, rows, state

STEPS_PER_EPOCH = 62
GAN_GAME = {"d_loss": 1.1, "g_loss": 1.0, "d_real": 0.6, "d_fake": 0.4, "g_gradient": 5.0}


def looks(names: str, *table: tuple[float, ...]) -> list[Values]:
    return [dict(zip(names.split(), row, strict=True)) for row in table]


def digits(train: list[Values], seen: list[Values], **options: Any) -> Any:
    return rows(train, seen, steps_per_epoch=STEPS_PER_EPOCH, **options)


SCORES = "classes_covered confident_share contrast diversity fid movement roughness variants"
DCGAN = looks(  # the default, from noise through blobs to the first strokes
    SCORES,
    (1, 1.000, 0.265, 0.252, 3114, 0.201, 4.056, 0.340),
    (1, 1.000, 0.521, 0.391, 2940, 0.135, 2.587, 0.456),
    (1, 0.859, 0.722, 0.674, 2342, 0.134, 1.529, 0.642),
    (3, 0.691, 0.761, 0.738, 1965, 0.105, 1.418, 0.729),
    (6, 0.465, 0.853, 0.835, 1505, 0.091, 1.357, 0.864),
)
INFOGAN = looks(  # the default at epochs 1, 3, 15, 19 and 24: its first digits are of two classes
    SCORES,
    (1, 1.000, 0.318, 0.216, 2890, 0.096, 5.432, 0.281),
    (1, 1.000, 0.377, 0.229, 3059, 0.028, 5.492, 0.285),
    (2, 0.344, 0.677, 0.335, 1994, 0.076, 1.418, 0.274),
    (2, 0.777, 0.751, 0.458, 1638, 0.095, 1.408, 0.363),
    (10, 0.590, 0.916, 0.824, 720, 0.061, 1.031, 0.617),
)
FROZEN_GENERATOR = looks(
    SCORES,
    (1, 0.012, 0.131, 0.119, 2473, 0.039, 5.220, 0.151),
    (1, 0.152, 0.160, 0.144, 2534, 0.009, 5.251, 0.183),
    (1, 0.148, 0.160, 0.144, 2534, 0.002, 5.253, 0.183),
    (1, 0.156, 0.160, 0.145, 2535, 0.002, 5.254, 0.184),
)
MINIMAX = looks(
    SCORES,
    (1, 1.0, 0.262, 0.259, 3004, 0.135, 4.527, 0.352),
    (1, 1.0, 0.270, 0.271, 3135, 0.100, 4.026, 0.361),
    (1, 1.0, 0.287, 0.285, 3152, 0.045, 3.969, 0.368),
    (1, 1.0, 0.309, 0.290, 3178, 0.029, 3.712, 0.368),
    (1, 1.0, 0.318, 0.290, 3186, 0.019, 3.530, 0.366),
)
BETA_40 = looks(
    SCORES,
    (0, 0.000, 0.557, 0.089, 2075, 0.380, 0.797, 0.062),
    (1, 0.016, 0.549, 0.064, 2094, 0.035, 0.696, 0.047),
    (1, 0.012, 0.552, 0.059, 2092, 0.010, 0.689, 0.044),
)


def squiggles(fids: Sequence[float]) -> list[Values]:
    """Of a DCGAN with a learning rate of 0.003."""
    look = {"classes_covered": 10, "confident_share": 0.65, "contrast": 1.0, "diversity": 0.98, "roughness": 1.0}
    return [look | {"variants": 1.05, "movement": 0.07, "fid": fid} for fid in fids]


@pytest.mark.parametrize(
    ("config", "seen"),
    [(DCGANConfig(epochs=200), DCGAN), (InfoGANConfig(epochs=200), INFOGAN[:2]), (InfoGANConfig(epochs=200), INFOGAN)],
    ids=["DCGAN", "InfoGAN, noise", "InfoGAN, two classes"],
)
def test_at_each_look_it_is_too_early_to_tell_until_samples_have_taken_shape(config: Any, seen: list[Values]):
    told = [state(config.model_dump(), digits(moving(GAN_GAME), seen[:n])) for n in range(1, len(seen) + 1)]
    assert told == ["too early to tell"] * len(seen)


def test_the_end_of_a_run_whose_samples_have_no_shape_yet_is_told_with_the_way_out():
    found = diagnose(DCGANConfig(epochs=5).model_dump(), digits(moving(GAN_GAME), DCGAN))
    assert found.early.startswith("Too early to tell: the run ended before its samples had taken shape.")
    assert found.early.endswith("more epochs.")


def test_before_the_first_look_it_is_too_early():
    assert state(DCGANConfig().model_dump(), digits(moving(GAN_GAME, 100), [])) == "too early to tell"


@pytest.mark.parametrize("family", ["vae", "dcgan", "cgan", "infogan", "flow"])
def test_where_nobody_looks_at_the_samples_the_steps_tell_whether_it_is_too_early(family: str):
    config = FAMILIES[family].model_validate({"check_every": 0, "epochs": 2000}).model_dump()
    loss = dict.fromkeys(("neg_elbo", "d_loss", "g_loss", "loss"), 1.0)
    assert state(config, digits(moving(loss, 2), [])) == "too early to tell"
    assert state(config, digits(moving(loss, 400), [])) == "good"


def test_a_vae_whose_code_is_ignored_is_told_so_from_the_first_epoch_on_and_what_its_form_has():
    config = VAEConfig(beta=40, epochs=3).model_dump()
    for epoch in (1, 2, 3):
        test = [{"kl": kl, "active_units": 0} for kl in (0.03, 0.0119, 0.0098)[:epoch]]
        frame = digits(moving({"neg_elbo": 209, "kl": 0.013}, 10 * epoch), BETA_40[:epoch], test=test)
        (finding,) = findings(config, frame)
        assert finding.kind == "posterior collapse"
        assert finding.advice.startswith("Most likely, beta is 40")
        assert 'set "Beta" to 1.' in finding.advice
        assert "Wasserstein" not in str(finding)


def test_samples_of_a_vae_that_are_alike_though_the_code_is_used_are_no_mode_collapse():
    config = VAEConfig(latent_dim=2).model_dump()
    alike = BETA_40[-1] | {"movement": 0.05}
    (finding,) = findings(config, digits(moving({"neg_elbo": 150, "kl": 6.0}), [alike] * 7, test=[{"kl": 6.0}] * 7))
    assert finding.kind == "samples alike"
    assert "mode collapse" not in str(finding)
    assert 'set "Latent size (dimensions)" to 16.' in finding.advice


def test_an_infogan_with_a_frozen_generator_is_not_frozen_for_its_discriminator_learns():
    """Its losses stay within a few percent, but Q learns to read what codes there are in the noise."""
    game = [
        {"d_loss": 1.386 - 0.001 * i, "g_loss": 0.69 + 0.001 * i, "categorical_bound": 0.02 * i, "g_gradient": 5.0}
        for i in range(40)
    ]
    config = InfoGANConfig().model_dump()
    assert kinds(config, digits(game, FROZEN_GENERATOR[:2])) == ["generator not learning"]
    assert kinds(config, digits(game, FROZEN_GENERATOR)) == ["generator not learning"]


@pytest.mark.parametrize("value", [0.0, 1.386])
def test_losses_that_are_constant_are_frozen_whatever_they_are(value: float):
    constant = [{"d_loss": value, "g_loss": value, "d_real": 0.5, "d_fake": 0.5}] * 20
    assert kinds(DCGANConfig().model_dump(), digits(constant, FROZEN_GENERATOR[2:])) == ["frozen"]


def test_a_discriminator_that_has_won_comes_before_the_noise_that_follows_from_it():
    """Minimax with its defaults: the generator's gradient dies, and its samples come to rest."""
    game = [{"d_loss": 0.8 * 0.87**i, "g_loss": -0.3 * 0.87**i, "g_gradient": 6 * 0.87**i} for i in range(50)]
    config = DCGANConfig(objective="minimax").model_dump()
    (finding,) = findings(config, digits(game, MINIMAX))
    assert finding.kind == "discriminator dominates"
    assert finding.advice.startswith("Most likely, the minimax loss is flat")
    settled = digits(game * 7, MINIMAX + MINIMAX[-1:] * 30)
    assert kinds(config, settled)[0] == "discriminator dominates"


def test_a_discriminator_that_wins_for_a_while_is_none_that_dominates():
    """The generator still moves: the loss of a narrow DCGAN's discriminator was below 0.05 for three epochs, and rose again."""
    game = [{"d_loss": 0.02, "g_loss": 4.0 + 0.1 * (i % 7), "g_gradient": 16.0 + i % 5} for i in range(50)]
    assert kinds(DCGANConfig().model_dump(), digits(game, DCGAN)) == []


BETTER = [1839, 831, 712, 655, 601, 573, 547, 524, 481, 483, 477, 441, 414, 402]


def test_illegible_samples_are_never_good_and_in_the_end_are_told_with_the_learning_rate_first():
    config = DCGANConfig(learning_rate=0.003).model_dump()
    assert state(config, digits(moving(GAN_GAME), squiggles(BETTER[:10]))) == "too early to tell"
    (finding,) = findings(config, digits(moving(GAN_GAME), squiggles(BETTER[:11])))
    assert finding.kind == "illegible samples"
    assert finding.advice.startswith("Most likely, the learning rate of 0.003 is 15 times the default")
    assert 'set "Learning rate" to 0.0002.' in finding.advice
    legible = [look | {"confident_share": 0.8} for look in squiggles(BETTER)]
    assert state(config, digits(moving(GAN_GAME), legible)) == "good"


def test_with_the_usual_learning_rate_illegible_samples_are_told_once_they_get_no_better():
    config = DCGANConfig(epochs=200).model_dump()
    improving = squiggles([3000 * 0.97**i for i in range(60)])
    assert state(config, digits(moving(GAN_GAME), improving)) == "too early to tell"
    assert kinds(config, digits(moving(GAN_GAME), improving + improving[-1:] * 30)) == ["illegible samples"]


def test_copies_are_a_collapse_from_the_first_look_on():
    """Of a DCGAN that is always given the same noise."""
    one = looks(
        SCORES, (0, 0.0, 0.172, 0.001, 2692, 0.056, 5.089, 0.001), (1, 1.0, 0.200, 0.0, 2849, 0.098, 4.556, 0.0)
    )
    for n in (1, 2):
        assert kinds(DCGANConfig().model_dump(), digits(moving(GAN_GAME), one[:n])) == ["collapse"]


def test_a_generator_whose_learning_rate_has_fallen_to_nothing_may_rest():
    """The last look of a run on a cosine: its samples move as little as those of a frozen generator."""
    config = DCGANConfig(schedule="cosine", epochs=20).model_dump()
    rest = squiggles([400.0] * 20)
    rest[-1] |= {"movement": 0.002, "confident_share": 0.9}
    assert kinds(config, digits(moving(GAN_GAME), rest)) == []


def test_the_categories_of_an_infogan_may_have_one_image_each_until_their_difference_counts():
    config = InfoGANConfig(learning_rate=1e-3, diversity_weight=1.0, diversity_start=12.0).model_dump()
    alike = INFOGAN[-1] | {"variants": 0.027}
    assert state(config, digits(moving(GAN_GAME), [alike] * 12)) == "too early to tell"
    assert kinds(config, digits(moving(GAN_GAME), [alike] * 13)) == ["collapse"]
