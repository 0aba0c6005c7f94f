"""The one declaration of a run's options, and what may import what."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, get_args

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from genmodels.cli.train import parse
from genmodels.config import families
from genmodels.config.base import RunConfig
from genmodels.config.command_line import command_line
from genmodels.config.datasets import DATASETS, IMAGE_SIZES
from genmodels.config.families import FAMILIES, DCGANConfig, VAEConfig
from genmodels.config.wording import allowed, bounds, explain, field_label, field_title
from genmodels.language import _, speaking
from genmodels.storage.paths import PROJECT

FIELDS = [
    pytest.param(config, name, id=f"{family}.{name}")
    for family, config in FAMILIES.items()
    for name in config.options()
]


def bad_values(field: FieldInfo) -> list[Any]:
    """Values that the field must refuse, those just outside its bounds among them."""
    if field.annotation not in (int, float):
        return [3.5]
    outside = {"ge": -1, "gt": 0, "le": 1, "lt": 0}
    return [limit + outside[kind] for kind, limit in bounds(field).items()]


def refusal(config: type[RunConfig], **values: Any) -> Mapping[str, str]:
    """What the user is told of refused values, by field."""
    with pytest.raises(ValidationError) as caught:
        config.model_validate(values)
    return explain(caught.value, config)


def test_the_choices_are_those_of_the_data():
    assert get_args(RunConfig.model_fields["dataset"].annotation) == tuple(DATASETS)
    assert get_args(RunConfig.model_fields["image_size"].annotation) == IMAGE_SIZES


@pytest.mark.parametrize("family", FAMILIES)
def test_a_set_in_colour_brings_its_size_and_channels_and_a_given_value_stays(family: str):
    def seen(**values: Any) -> tuple[int, int]:
        config = families.parse({"family": family} | values)
        return config.image_size, config.channels

    assert seen(dataset="cifar10") == (32, 3)
    assert seen(dataset="cifar10", channels="1") == (32, 1)
    assert seen(dataset="kmnist") == seen() == (28, 1)
    grey = FAMILIES[family].model_validate({"dataset": "cifar10", "image_size": 28, "channels": 1})
    assert families.parse(grey.model_dump()) == grey, "as earlier versions trained it"
    assert parse(command_line(grey).split()[2:]).config == grey


@pytest.mark.parametrize(("config", "name"), FIELDS)
def test_every_field_has_a_help_line_a_group_and_a_default(config: type[RunConfig], name: str):
    field = config.model_fields[name]
    assert field.description
    assert field.description.endswith(".")
    assert "\n" not in field.description
    assert not field.is_required()
    assert [name in names for names in config.groups().values()].count(True) == 1
    assert field_label(name, field)
    if field.annotation in (int, float):
        assert {limit[0] for limit in bounds(field)} == {"g", "l"}, "a number needs a lower and an upper bound"


@pytest.mark.parametrize(("config", "name"), FIELDS)
def test_a_refusal_names_the_field_and_what_it_takes_in_one_line(config: type[RunConfig], name: str):
    field = config.model_fields[name]
    for value in bad_values(field):
        told = refusal(config, **{name: value})
        assert told == {name: f"{name} must be {allowed(field)}, not {value:,.15g}."}
        assert "\n" not in told[name]
        assert ".," not in told[name]
        for limit in bounds(field).values():
            assert f"{limit:,}" in told[name]
        for choice in get_args(field.annotation):
            assert str(choice) in told[name]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "nan", "many", None, 1.5])
@pytest.mark.parametrize("name", ["epochs", "batch_size", "latent_dim"])
def test_a_whole_number_takes_nothing_else(name: str, value: Any):
    assert list(refusal(VAEConfig, **{name: value})) == [name]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "-inf", "much"])
@pytest.mark.parametrize("name", ["learning_rate", "ema_decay", "beta", "warmup_epochs", "preview_every"])
def test_a_number_must_be_finite(name: str, value: Any):
    assert list(refusal(VAEConfig, **{name: value})) == [name]


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:3", "mps"])
def test_devices_that_exist_somewhere_are_taken(device: str):
    assert VAEConfig(device=device).device == device


@pytest.mark.parametrize("device", ["mps:0", "cuda:", "CPU", ""])
def test_other_names_of_devices_are_refused(device: str):
    assert list(refusal(VAEConfig, device=device)) == ["device"]


@pytest.mark.parametrize(("name", "value"), [("precision", "bf16"), ("compile", "on"), ("processes", 2)])
def test_what_mps_cannot_do_is_refused_at_its_field_and_taken_with_other_devices(name: str, value: Any):
    (sentence,) = refusal(VAEConfig, device="mps", **{name: value}).values()
    assert sentence.startswith(f"{name}: must be ")
    assert list(refusal(VAEConfig, device="mps", **{name: value})) == [name]
    for device in ("auto", "cpu", "cuda"):
        VAEConfig(device=device, **{name: value})


def test_several_refusals_are_all_told():
    assert set(refusal(VAEConfig, epochs=0, beta=-1)) == {"epochs", "beta"}


def test_an_unknown_field_is_refused_by_name():
    told = refusal(VAEConfig, epoch=3)
    assert told == {"epoch": "epoch is not an option of Variational autoencoder."}


def test_own_images_need_a_folder_and_the_folder_field_is_told_so():
    told = refusal(VAEConfig, dataset="folder")
    assert list(told) == ["folder"]
    assert VAEConfig(dataset="folder", folder="somewhere").folder == "somewhere"


def test_a_config_cannot_change_after_it_was_checked():
    with pytest.raises(ValidationError):
        VAEConfig().epochs = 0


def test_a_config_survives_json():
    config = VAEConfig(learning_rate=3e-4, binarize=False, image_size=64, dataset="folder", folder="my pictures")
    assert families.parse(json.loads(json.dumps(config.model_dump()))) == config


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_found_under_its_own_name(family: str):
    assert FAMILIES[family].model_fields["family"].default == family
    assert type(families.parse({"family": family})) is FAMILIES[family]


@pytest.mark.parametrize("config", FAMILIES.values(), ids=FAMILIES)
def test_all_curves_are_unique_and_explained(config: type[RunConfig]):
    for names in ([c.name for c in config.curves], [(c.panel, c.label) for c in config.curves]):
        assert len(names) == len(set(names))
    for curve in config.curves:
        assert curve.help.endswith(".")
        assert curve.unit
    assert {c.panel: c.unit for c in config.curves}.items() == {(c.panel, c.unit) for c in config.curves}


def test_pages_and_waiting_workers_do_not_load_torch():
    """It costs seconds and half a gigabyte in each process. Nor do they need streamlit, which is made unimportable."""
    modules = [
        "config.base",
        "config.families",
        "config.datasets",
        "runs.store",
        "jobs.queue",
        "runs.comparison",
        "jobs.trackers",
        "storage.callbacks",
        "jobs.worker",
        "checkpoints.pretrained",
        "latent.codes",
        "latent.clusters",
        "latent.pca",
        "latent.tsne",
        "latent.neighbourhoods",
        "data.folder_check",
    ]
    script = "; ".join(
        ["import sys; sys.modules['streamlit'] = None"]
        + [f"import {module}; assert 'torch' not in sys.modules, {module!r}"
           for module in (*(f"genmodels.{name}" for name in modules), "train")]
    )  # fmt: skip
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_what_a_field_accepts_has_the_digits_of_the_language_and_a_unit_in_the_singular_after_them():
    fields = DCGANConfig.model_fields
    assert [allowed(fields[name]) for name in ("latent_dim", "image_size")] == [
        "1 to 512 dimensions",
        "one of 28, 32, 64 pixels",
    ]
    with speaking("fa"):
        assert [_(allowed(fields[name])) for name in ("latent_dim", "image_size")] == [
            "۱ تا ۵۱۲ بُعد",
            "یکی از ۲۸، ۳۲، ۶۴ پیکسل",
        ]


def test_a_form_tells_a_refusal_by_its_own_label_in_its_language():
    with pytest.raises(ValidationError) as caught:
        VAEConfig(latent_dim=-1, train_images=999_999_999_999)
    assert explain(caught.value, VAEConfig, field_title) == {
        "latent_dim": "Latent size must be 1 to 512 dimensions, not -1.",
        "train_images": "Training images must be 0 to 1,000,000,000 images, not 999,999,999,999.",
    }
    for sentence in explain(caught.value, VAEConfig, field_title).values():
        with speaking("fa"):
            assert not re.search("[A-Za-z0-9]", _(sentence))
