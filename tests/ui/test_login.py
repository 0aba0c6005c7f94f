"""Visitors who sign in by Streamlit's ``st.login``; here AppTest says who has."""

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.runs.ownership import mark
from genmodels.runs.store import Store
from genmodels.ui.widgets.text import plain
from tests.support.pages import open_page, press, started, texts
from tests.ui.test_ownership import fields
from tests.ui.test_runs_page import create, labels, select

__all__ = ["started"]  # a fixture

ANNA = {"is_logged_in": True, "email": "Anna@example.org", "email_verified": True}
AUTH = dict.fromkeys(
    ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"), "http://nowhere"
)


@pytest.fixture(autouse=True)
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENMODELS_TRAIN", "login")


def visit(name: str, user: dict) -> AppTest:
    page = open_page(name)
    page.user = user
    page.run()
    assert not page.exception
    return page


def test_who_has_signed_in_trains_and_owns_what_comes_of_it(started: list):
    page = press(visit("vae", ANNA), "Start training")
    (run,) = Store().runs()
    assert run.owner == mark(Store().root, "login anna@example.org")
    assert "anna" not in str(page.main).casefold()
    Store().update(run.id, state="stopped")
    assert fields(select(visit("runs", ANNA), run), run) == [False] * 5
    assert fields(select(visit("runs", ANNA | {"email": "ben@example.org"}), run), run) == [True] * 5
    assert fields(select(visit("runs", {"is_logged_in": False}), run), run) == [True] * 5


@pytest.mark.parametrize(
    "user",
    [
        ANNA | {"email": "ben@example.org"},
        ANNA | {"email_verified": False},
        {"is_logged_in": True},
    ],
)
def test_of_those_who_sign_in_only_the_addresses_that_are_named_train(user: dict, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_LOGINS", " anna@Example.org, carl@example.org")
    assert "Start training" in labels(visit("vae", ANNA))
    page = visit("vae", user)
    assert "Start training" not in labels(page)
    assert "not with an address that may train here" in page.info[-1].value


def test_without_a_list_an_unverified_address_does_not_count():
    assert "Start training" not in labels(visit("vae", ANNA | {"email_verified": False}))


def test_others_are_asked_to_sign_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.ui.access.login.find_spec", lambda name: "there")
    page = open_page("vae")
    page.secrets["auth"] = AUTH
    page.run()
    assert "Sign in" in labels(page)
    assert "Start training" not in labels(page)


def test_what_the_operator_has_still_to_do_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.ui.access.login.find_spec", lambda name: None)
    page = open_page("vae")
    page.secrets["auth"] = {name: value for name, value in AUTH.items() if name != "client_id"}
    page.run()
    assert "[auth] of .streamlit/secrets.toml lacks client_id." in texts(page)
    page.secrets["auth"] = AUTH
    assert "Authlib is not installed" in texts(page.run())
    assert "Sign in" not in labels(page)


def test_without_secrets_nobody_can_sign_in_and_the_pages_open():
    create("a run")
    assert "lacks redirect_uri, cookie_secret, client_id" in texts(open_page("vae"))
    assert not open_page("runs").exception


def test_who_has_signed_in_is_told_so_and_can_sign_out():
    def draw() -> None:
        from genmodels.ui.access.permission import show_sign_in

        show_sign_in()

    page = AppTest.from_function(draw)
    page.user = ANNA
    page.run()
    assert page.caption[0].value == f"Signed in as {plain('anna@example.org')}"
    page.button(key="login:out").click().run()
    assert not page.caption
