"""Zips whose parts are not such as this program writes: each is refused with the reason, and changes nothing."""

import hashlib
import io
import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

from genmodels.checkpoints.integrity import STATE, TRAINING, WEIGHTS
from genmodels.config.families import VAEConfig
from genmodels.runs.archive import unpack
from genmodels.runs.run import CONFIG, RUN, Run
from genmodels.runs.store import Store
from tests.support.archives import contents, packed, refusal, rezipped
from tests.support.helpers import Malicious

__all__ = ["packed"]


def test_swapped_checkpoints_are_refused(packed: tuple[Run, bytes]):
    run, data = packed
    files = contents(data)
    four, five = (f"{run.id}/checkpoints/step-0000000{step}/{WEIGHTS}" for step in (4, 5))
    files[four], files[five] = files[five], files[four]
    assert "weights.safetensors is not what was written" in refusal(rezipped(files))


@pytest.mark.parametrize("name", [WEIGHTS, TRAINING, STATE])
def test_an_incomplete_checkpoint_is_refused(packed: tuple[Run, bytes], name: str):
    run, data = packed
    files = contents(data)
    del files[f"{run.id}/checkpoints/step-00000005/{name}"]
    assert "Checkpoint step-00000005 is incomplete" in refusal(rezipped(files))


@pytest.mark.parametrize("name", [WEIGHTS, TRAINING, STATE])
@pytest.mark.parametrize("digests", ["kept", "put right", "taken out"])
def test_a_pickle_in_place_of_weights_is_refused_and_does_not_run(
    packed: tuple[Run, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, digests: str
):
    monkeypatch.chdir(tmp_path)
    run, data = packed
    files = contents(data)
    folder = f"{run.id}/checkpoints/step-00000005"
    files[f"{folder}/{name}"] = pickle.dumps(Malicious())
    if name != STATE and digests != "kept":
        state = json.loads(files[f"{folder}/{STATE}"])
        if digests == "put right":
            state["sha256"][name] = hashlib.sha256(files[f"{folder}/{name}"]).hexdigest()
        else:
            del state["sha256"][name]
        files[f"{folder}/{STATE}"] = json.dumps(state).encode()
    assert "Checkpoint step-00000005" in refusal(rezipped(files))
    assert not Path("ran").exists()


@pytest.mark.parametrize("value", [["/etc"], {}, 5, None])
def test_a_setting_of_another_kind_is_refused(packed: tuple[Run, bytes], value: Any):
    """The folder: it is altered on the way in, before anything else is done with it."""
    run, data = packed
    files = contents(data)
    for name, within in ((CONFIG, ()), (RUN, ("config",))):
        written = json.loads(files[f"{run.id}/{name}"])
        place = written
        for key in within:
            place = place[key]
        place["folder"] = value
        files[f"{run.id}/{name}"] = json.dumps(written).encode()
    assert f"does not know all settings of {run.id} (folder must be" in refusal(rezipped(files))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"latent_dim": -1}, "(latent_dim must be"),
        ({"future": 1}, "(future is not an option of"),
        ({"family": "of-tomorrow"}, "does not know the family of-tomorrow"),
        ({"family": ["vae"]}, "does not know the family ['vae']"),
    ],
)
def test_a_setting_that_this_version_does_not_know_is_named(
    packed: tuple[Run, bytes], changes: dict[str, Any], told: str
):
    run, data = packed
    files = contents(data)
    config = json.loads(files[f"{run.id}/{CONFIG}"]) | changes
    record = json.loads(files[f"{run.id}/{RUN}"]) | {"config": config}
    files |= {f"{run.id}/{CONFIG}": json.dumps(config).encode(), f"{run.id}/{RUN}": json.dumps(record).encode()}
    assert told in refusal(rezipped(files))


def test_a_record_that_is_none_is_refused_by_the_name_of_its_part(packed: tuple[Run, bytes]):
    run, data = packed
    files = contents(data)
    record = json.loads(files[f"{run.id}/{RUN}"]) | {"step": "many"}
    files[f"{run.id}/{RUN}"] = json.dumps(record).encode()
    assert "another version of this program, or altered (step):" in refusal(rezipped(files))


def test_a_checkpoint_of_another_version_is_refused(packed: tuple[Run, bytes]):
    run, data = packed
    files = contents(data)
    name = f"{run.id}/checkpoints/step-00000005/{STATE}"
    files[name] = json.dumps(json.loads(files[name]) | {"format": 99}).encode()
    assert "written by another version (format 99)" in refusal(rezipped(files))


CHANGES: dict[str, dict[str, Any]] = {
    "an unknown option of a row": {"colour": "red"},
    "a state that there is not": {"state": "exploded"},
    "a name that is no text": {"name": ["x"]},
    "a step below zero": {"step": -1},
    "a step that no database takes": {"step": 2**70},
    "a day that no calendar has": {"created": 1e300},
    "a time that is no number": {"created": float("nan")},
    "events that are none": {"events": [{"time": 0.0, "level": "shout", "text": "x"}]},
    "an unknown family": {"config": {"family": "diffusion"}},
    "an option of another version": {"config": VAEConfig().model_dump() | {"flow": True}},
    "a value out of bounds": {"config": VAEConfig().model_dump() | {"epochs": 10**9}},
    "a config that is none": {"config": []},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_another_version_wrote_is_refused(packed: tuple[Run, bytes], change: dict[str, Any]):
    run, data = packed
    files = contents(data)
    row = json.loads(files[f"{run.id}/run.json"]) | change
    files[f"{run.id}/run.json"] = json.dumps(row).encode()
    files[f"{run.id}/config.json"] = json.dumps(row["config"]).encode()
    assert re.search("another version of this program, or altered|This version does not know", refusal(rezipped(files)))


@pytest.mark.parametrize("new", ["../evil", "vae 1", "VAE", "", "x" * 200])
def test_an_id_that_is_none_is_refused(packed: tuple[Run, bytes], new: str):
    run, data = packed
    files = contents(data)
    row = json.loads(files[f"{run.id}/run.json"]) | {"id": new}
    files[f"{run.id}/run.json"] = json.dumps(row).encode()
    refusal(rezipped(files))


@pytest.mark.parametrize("other", [{"id": "vae-20260101-000000-00000000"}, {"config": VAEConfig().model_dump()}])
def test_parts_of_different_runs_are_refused(packed: tuple[Run, bytes], other: dict[str, Any]):
    run, data = packed
    files = contents(data)
    files[f"{run.id}/run.json"] = json.dumps(json.loads(files[f"{run.id}/run.json"]) | other).encode()
    assert "of different runs" in refusal(rezipped(files))


DAMAGES: dict[str, tuple[str, bytes]] = {
    "a picture cut short": ("pictures/samples-00000005.png", b"\x89PNG\r\n\x1a\n1234"),
    "a picture that is text": ("pictures/samples-00000005.png", b"hello"),
    "a picture without a step": ("pictures/samples-x.png", b"hello"),
    "a row that is half there": ("metrics.csv", b"name,step,epoch,value\ntrain/kl,1,0.1,1.0\ntrain/kl,tw"),
    "curves of another program": ("metrics.csv", b"a,b\n1,2\n"),
    "a step that no database takes": ("metrics.csv", b"name,step,epoch,value\nx,99999999999999999999,0.1,1.0\n"),
    "bytes in place of rows": ("metrics.csv", b"\xff\x00" * 1000),
    "a line without end": ("metrics.csv", b"name,step,epoch,value\n" + b"x" * 1_000_000),
    "a row that is cut short": ("run.json", b'{"id": "va'),
    "a row that is text": ("run.json", b'"hello"'),
    "brackets without end": ("run.json", b"[" * 1_000_000),
    "a config that is text": ("config.json", b'"hello"'),
    "codes that are none": ("latents/step-00000005-test-2000/codes.npz", pickle.dumps(Malicious())),
    "a checkpoint without a number": ("checkpoints/step-x/state.json", b"{}"),
    "a file in the place of a checkpoint": ("checkpoints/step-00000009", b""),
    "a file in the place of a folder": ("pictures", b""),
}


@pytest.mark.parametrize(("name", "content"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_part_is_refused(packed: tuple[Run, bytes], name: str, content: bytes):
    run, data = packed
    refusal(rezipped(contents(data) | {f"{run.id}/{name}": content}))


@pytest.mark.parametrize("name", ["mu-7.npy", "deeper/mu-00000007.npy"])
def test_codes_that_no_training_keeps_are_refused(packed: tuple[Run, bytes], name: str):
    run, data = packed
    files = contents(data) | {f"{run.id}/codes/{name}": b""}
    assert "kept more codes than any run does" in refusal(rezipped(files))


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("", VAEConfig().default_name),
        (" \n ", VAEConfig().default_name),
        ("a\nb\x00c\u202edef\x1b[31m", "a b c def [31m"),
    ],
)
def test_a_name_without_a_letter_is_the_settings_and_no_name_breaks_its_line(
    packed: tuple[Run, bytes], name: str, called: str
):
    run, data = packed
    files = contents(data)
    path = f"{run.id}/{RUN}"
    files[path] = json.dumps(json.loads(files[path]) | {"name": name}).encode()
    store = Store()
    assert unpack(store, io.BytesIO(rezipped(files))).name == called
