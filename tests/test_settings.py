"""What the environment sets."""

import traceback
from pathlib import Path

import pytest

import train
from genmodels.jobs.policy import Policy, PolicyError, policy
from genmodels.settings import Settings, SettingsError, Variables, for_workers

DECLARATIONS = [Settings, Policy]


def test_nothing_is_set_by_default():
    assert Settings.read({}) == Settings.read(dict.fromkeys(Settings.by_variable(), ""))
    assert Settings.read({}).spare


@pytest.mark.parametrize("declared", DECLARATIONS)
def test_each_variable_has_a_line_of_help(declared: type[Variables]):
    for name, field in declared.by_variable().items():
        assert name.startswith("GENMODELS_")
        assert field.description, name
        assert "\n" not in field.description


def test_a_change_of_the_environment_is_seen_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Streamlit's secrets come into it when the server already runs."""
    for folder in (tmp_path / "one", tmp_path / "two"):
        monkeypatch.setenv("GENMODELS_DATA", str(folder))
        assert Settings.read().data == folder


def test_a_given_environment_counts_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_DATA", "/data")
    assert Settings.read({}).data is None


def test_a_folder_may_be_in_the_users_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/home/anna")
    assert Settings.read({"GENMODELS_HOME": "~/runs"}).home == Path("/home/anna/runs")


@pytest.mark.parametrize(("name", "value"), [("GENMODELS_SPARE", "perhaps"), ("GENMODELS_IN_CONTAINER", "2")])
def test_a_variable_that_means_nothing_is_named(name: str, value: str):
    with pytest.raises(SettingsError, match=rf"^{name} must be 0 or 1\.$"):
        Settings.read({name: value})


def test_whole_numbers_may_be_written_in_any_way():
    assert policy({"GENMODELS_MOST_EPOCHS": "1e3", "GENMODELS_MOST_FILES": "20.0"}).most_epochs == 1000


@pytest.mark.parametrize(("value", "allowed"), [("0", False), ("false", False), ("", True), ("1", True)])
def test_own_images_are_off_where_the_operator_says_so(value: str, allowed: bool):
    assert policy({"GENMODELS_OWN_IMAGES": value}).own_images == allowed


def test_an_empty_word_on_who_trains_opens_nothing():
    """As ``GENMODELS_TRAIN=$UNSET`` in a script makes it."""
    with pytest.raises(PolicyError, match="GENMODELS_TRAIN must be one of"):
        policy({"GENMODELS_TRAIN": ""})


def test_neither_settings_nor_errors_show_a_secret():
    secrets = {
        "GENMODELS_PASSWORD": "sesame",
        "GENMODELS_OPERATOR_PASSWORD": "sesame",
        "GENMODELS_LOGINS": "sesame@b.org",
    }
    limits = policy(secrets)
    assert limits.opens("sesame")
    assert limits.operates("sesame")
    assert limits.admits("Sesame@b.org")
    assert "sesame" not in f"{limits!r} {limits}"
    with pytest.raises(PolicyError) as caught:
        policy(secrets | {"GENMODELS_TRAIN": "everybody"})
    assert "sesame" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("name", ["GENMODELS_PASSWORD", "genmodels_password"])
def test_a_worker_does_not_inherit_what_is_read_as_a_secret(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(name, "sesame")
    assert policy().opens("sesame")
    assert "sesame" not in for_workers().values()


def test_the_command_line_says_which_variable_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_SPARE", "perhaps")
    monkeypatch.setattr("sys.argv", ["train.py", "vae"])
    with pytest.raises(SystemExit) as caught:
        train.main()
    assert caught.value.code == "train.py: GENMODELS_SPARE must be 0 or 1."
