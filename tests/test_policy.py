"""What a public server lets its visitors do."""

import pytest
from streamlit.testing.v1 import AppTest

from genmodels import jobs, worker
from genmodels.families import VAEConfig
from genmodels.files import lock
from genmodels.policy import PolicyError, policy
from genmodels.store import Store
from tests.test_jobs import tiny
from tests.test_pages import open_page, press
from tests.test_runs_page import create, labels, select


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
        ({"GENMODELS_TRAIN": "everybody"}, "GENMODELS_TRAIN must be one of anyone, password, nobody"),
        ({"GENMODELS_TRAIN": "password"}, "GENMODELS_PASSWORD must be set"),
        ({"GENMODELS_MOST_EPOCHS": "many"}, "GENMODELS_MOST_EPOCHS must be a number"),
        ({"GENMODELS_MOST_HOURS": "-1"}, "GENMODELS_MOST_HOURS must be a number"),
    ],
)
def test_a_limit_that_says_nothing_is_named(values: dict[str, str], said: str):
    with pytest.raises(PolicyError, match=said):
        policy(values)


def test_the_password_is_never_told():
    assert "secret" not in repr(policy({"GENMODELS_TRAIN": "password", "GENMODELS_PASSWORD": "secret"}))


def test_a_run_that_is_not_allowed_does_not_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_MOST_EPOCHS", "1")
    with pytest.raises(PolicyError, match="choose fewer"):
        jobs.start(Store(), tiny(epochs=2))
    assert Store().runs() == []


@pytest.mark.usefixtures("own_signals")
def test_the_longest_run_is_stopped_with_a_word_and_can_be_resumed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.pace.STOP_CHECK_SECONDS", 0.0)
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
    assert _button(page, "Resume").disabled
    assert _button(select(open_page("runs"), run), "Delete").disabled


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


def _button(page: AppTest, label: str):
    return next(button for button in page.button if button.label == label)
