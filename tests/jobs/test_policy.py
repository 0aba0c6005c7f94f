"""What a public server lets its visitors do."""

from pathlib import Path

import pytest

from genmodels.config.families import VAEConfig
from genmodels.jobs import queue, worker
from genmodels.jobs.policy import PolicyError, policy
from genmodels.runs.store import Store
from genmodels.storage.files import lock
from tests.jobs.test_jobs import tiny
from tests.support.pages import button, choose_folder, open_page, press, started
from tests.ui.test_runs_page import create, labels, select

__all__ = ["started"]  # a fixture


def test_without_a_word_everything_is_allowed():
    rules = policy({})
    assert rules.who == "anyone"
    rules.check(VAEConfig(epochs=2000, dataset="folder", folder="/x"), 99)
    assert not rules.opens("")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"GENMODELS_MOST_EPOCHS": "10"}, "at most 10 epochs"),
        ({"GENMODELS_LONGEST_QUEUE": "2"}, "queue of this server is full"),
        ({"GENMODELS_OWN_IMAGES": "0"}, "its own data sets alone"),
    ],
)
def test_each_limit_refuses_with_the_way_out(values: dict[str, str], said: str):
    with pytest.raises(PolicyError, match=said):
        policy(values).check(VAEConfig(epochs=20, dataset="folder", folder="/x"), 2)
    policy(values).check(VAEConfig(epochs=10), 1)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"GENMODELS_TRAIN": "everybody"}, "GENMODELS_TRAIN must be one of anyone, password, login, nobody"),
        ({"GENMODELS_TRAIN": "password"}, "GENMODELS_PASSWORD must be set"),
        ({"GENMODELS_MOST_EPOCHS": "many"}, "GENMODELS_MOST_EPOCHS must be a number"),
        ({"GENMODELS_MOST_HOURS": "-1"}, "GENMODELS_MOST_HOURS must be a number"),
        ({"GENMODELS_LONGEST_QUEUE": "1.5"}, "GENMODELS_LONGEST_QUEUE must be a whole number"),
        ({"GENMODELS_DISK_QUOTA_GB": "inf"}, "GENMODELS_DISK_QUOTA_GB must be a number"),
    ],
)
def test_a_limit_that_says_nothing_is_named(values: dict[str, str], said: str):
    with pytest.raises(PolicyError, match=said):
        policy(values)


def test_a_visitor_has_so_many_runs_under_way_at_once():
    rules = policy({"GENMODELS_RUNS_PER_VISITOR": "2"})
    rules.check(VAEConfig(), 9, own=1)
    with pytest.raises(PolicyError, match="at most 2 of a visitor's runs under way: stop one"):
        rules.check(VAEConfig(), 9, own=2)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"GENMODELS_MOST_FILES": "2"}, "at most 2 images of your own"),
        ({"GENMODELS_MOST_MEGABYTES": "0.0025"}, "at most 0.0025 MB of your own images"),
    ],
)
def test_too_many_own_images_are_refused_before_the_start(values: dict[str, str], said: str, tmp_path: Path):
    for index in range(3):
        (tmp_path / f"{index}.png").write_bytes(bytes(1000))
    folder = VAEConfig(dataset="folder", folder=str(tmp_path))
    with pytest.raises(PolicyError, match=said):
        policy(values).check(folder, 0)
    (tmp_path / "0.png").unlink()
    policy(values).check(folder, 0)


def test_no_more_of_a_folder_is_looked_at_than_is_needed_to_refuse_it():
    sizes = iter([1] * 1000)
    with pytest.raises(PolicyError):
        policy({"GENMODELS_MOST_FILES": "10"}).check_images(sizes)
    assert len(list(sizes)) == 1000 - 11


def test_a_resumed_run_obeys_the_limits_too(monkeypatch: pytest.MonkeyPatch):
    """It may have been imported, or be of a time before the limits."""
    store = Store()
    runs = [store.create(config.model_dump()) for config in (tiny(epochs=9), tiny(dataset="folder", folder="/etc"))]
    for run in runs:
        store.update(run.id, state="stopped")
    monkeypatch.setenv("GENMODELS_MOST_EPOCHS", "8")
    monkeypatch.setenv("GENMODELS_OWN_IMAGES", "0")
    for run, said in zip(runs, ("at most 8 epochs", "its own data sets alone"), strict=True):
        with pytest.raises(PolicyError, match=said):
            queue.resume(store, run.id)
    assert store.alive() == []


def test_a_run_that_is_not_allowed_does_not_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_MOST_EPOCHS", "1")
    with pytest.raises(PolicyError, match="choose fewer"):
        queue.start(Store(), tiny(epochs=2))
    assert Store().runs() == []


@pytest.mark.usefixtures("own_signals")
def test_the_longest_run_is_stopped_with_a_word_and_can_be_resumed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.training.stop_check.STOP_CHECK_SECONDS", 0.0)
    monkeypatch.setenv("GENMODELS_MOST_HOURS", "1e-9")
    store = Store()
    run = store.create(tiny(epochs=5).model_dump())
    held = lock(store.folder(run.id) / "worker.lock")
    assert held is not None
    assert worker.work(store, run, held, lambda text: None) == "stopped"
    assert any("most that this server gives" in event["text"] for event in store.events(run.id))


def test_where_nobody_trains_the_form_says_so_and_runs_are_safe(monkeypatch: pytest.MonkeyPatch):
    run = create("someone's", state="stopped")
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    page = open_page("vae", run=run.id)
    assert "Start training" not in labels(page)
    assert any("nobody trains" in info.value for info in page.info)
    assert button(page, "Resume").disabled
    assert button(select(open_page("runs"), run), "Delete").disabled


def test_a_password_opens_training_for_this_visitor(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "password")
    monkeypatch.setenv("GENMODELS_PASSWORD", "secret")
    page = open_page("vae")
    assert "Start training" not in labels(page)
    page = page.text_input(key="permission:password").set_value("wrong").run()
    assert any("not the password" in error.value for error in page.error)
    page = page.text_input(key="permission:password").set_value("secret").run()
    assert "Start training" in labels(page)
    assert not page.error


def test_the_page_shows_what_a_limit_says(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_MOST_EPOCHS", "3")
    page = press(open_page("vae"), "Start training")
    assert any("at most 3 epochs" in error.value for error in page.error)
    assert Store().runs() == []


def test_the_tour_is_as_long_as_the_server_allows(started: list[VAEConfig], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_MOST_EPOCHS", "3")
    press(open_page("overview"), "Start the tour")
    assert [config.epochs for config in started] == [3]


def test_where_own_images_are_off_no_folder_is_offered(monkeypatch: pytest.MonkeyPatch):
    assert "Your own images" in open_page("vae").selectbox(key="vae.dataset").options
    monkeypatch.setenv("GENMODELS_OWN_IMAGES", "0")
    assert "Your own images" not in open_page("vae").selectbox(key="vae.dataset").options


def test_who_may_not_train_is_told_nothing_of_the_servers_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    page = open_page("vae")
    page.selectbox(key="vae.dataset").set_value("folder")
    page.run()
    page.text_input(key="vae.folder").set_value(str(tmp_path))
    assert "Check the images" not in labels(page.run())


def test_too_many_own_images_are_not_looked_at_either(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GENMODELS_MOST_FILES", "2")
    for index in range(3):
        (tmp_path / f"{index}.png").touch()
    assert [error.value for error in choose_folder(tmp_path).error] == [
        "This server takes at most 2 images of your own: choose fewer."
    ]
