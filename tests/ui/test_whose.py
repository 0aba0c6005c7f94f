"""Whose runs the lists, the sidebar and the toasts tell of: the visitor's own first."""

import os
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import VAEConfig
from genmodels.runs.ownership import mark
from genmodels.runs.run import LOCK
from genmodels.runs.store import Run, Store
from genmodels.storage.files import lock
from genmodels.storage.paths import PROJECT
from genmodels.ui.access.whose import ALL, CHOSEN, KEY, OWN

ANNA, BEN = "a" * 64, "b" * 64  # tokens of browsers


def run_of(token: str, name: str, state: str = "stopped") -> Run:
    """``token``: of nobody in particular where it is empty, as from a terminal."""
    store = Store()
    run = store.create(VAEConfig().model_dump(), name, owner=mark(store.root, f"browser {token}") if token else "")
    store.update(run.id, state=state)
    return run


def lists() -> None:
    """The choice, and a list that follows it."""
    import streamlit as st

    from genmodels.ui.access.whose import choose_whose
    from genmodels.ui.models.model_picker import choose

    choose_whose()
    choose("vae")
    st.session_state["shown"] = st.session_state["vae:choice"]


def visit(token: str, context: dict[str, str] | None = None, **query: str) -> AppTest:
    page = AppTest.from_function(lists, default_timeout=60)
    page.context = context or {}
    page.session_state["browser:token"] = token
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def enter(token: str, whose: str = OWN) -> AppTest:
    """The whole app."""
    page = AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=60)
    page.session_state["browser:token"] = token
    page.session_state[CHOSEN] = whose
    return page.run()


def offered(page: AppTest) -> set[str]:
    """The names of the runs in the list of the page, without when they were started."""
    return {option.partition(",")[0] for option in page.selectbox[0].options if not option.endswith("(pretrained)")}


def test_a_list_has_ones_own_runs_first_and_all_on_request():
    run_of(ANNA, "anna's"), run_of(BEN, "ben's"), run_of("", "of a terminal")
    page = visit(ANNA)
    assert page.button_group(key=KEY).value == OWN
    assert offered(page) == {"anna's", "of a terminal"}
    page.button_group(key=KEY).set_value(ALL).run()
    assert offered(page) == {"anna's", "ben's", "of a terminal"}
    page.run()
    assert page.button_group(key=KEY).value == ALL


@pytest.mark.parametrize("others", [[ANNA], [BEN, BEN], [""]])
def test_without_a_difference_there_is_no_choice_and_nothing_is_hidden(others: list[str]):
    for number, token in enumerate(others):
        run_of(token, f"run {number}")
    page = visit(ANNA)
    assert not page.get("button_group") or KEY not in [group.key for group in page.button_group]
    assert len(offered(page)) == len(others)


@pytest.mark.parametrize(
    ("url", "operator", "mine"),
    [
        ("http://localhost:8501/vae", "", {"anna's", "ben's", "of a terminal"}),
        ("http://127.0.0.1:8501", "", {"anna's", "ben's", "of a terminal"}),
        ("http://localhost:8501/vae", "boss", {"anna's"}),
        ("https://lab.example.org/vae", "", {"anna's", "of a terminal"}),
    ],
)
def test_everything_is_of_who_sits_at_a_machine_of_their_own(
    url: str, operator: str, mine: set[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GENMODELS_OPERATOR_PASSWORD", operator)
    run_of(ANNA, "anna's"), run_of(BEN, "ben's"), run_of("", "of a terminal")
    page = visit(ANNA, {"url": url})
    assert offered(page) == mine
    assert (KEY in [group.key for group in page.button_group]) == (len(mine) < 3)


def test_what_a_link_names_is_shown_whosever_it_is():
    run_of(ANNA, "anna's"), run_of(BEN, "another of ben's")
    asked = run_of(BEN, "ben's")
    page = visit(ANNA, run=asked.id)
    assert page.session_state["shown"] == asked.id
    assert offered(page) == {"anna's", "ben's"}
    assert not page.warning


def test_where_runs_belong_to_who_started_them_those_of_a_terminal_are_the_operators(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_OPERATOR_PASSWORD", "boss")
    run_of(ANNA, "anna's"), run_of("", "of a terminal")
    page = visit(ANNA)
    assert offered(page) == {"anna's"}
    page.session_state["permission:operates"] = True
    assert offered(page.run()) == {"anna's", "of a terminal"}


@pytest.fixture
def training() -> Iterator[dict[str, Run]]:
    """A run of Anna's under way, and two that wait; and as many of Ben's."""
    store, held, runs = Store(), [], {}
    for token, whose in ((ANNA, "anna"), (BEN, "ben")):
        for number, state in enumerate(("running", "queued", "queued")):
            run = runs[f"{whose} {number}"] = run_of(token, f"{whose} {number}", state)
            held.append(lock(store.folder(run.id) / LOCK))
    yield runs
    for each in held:
        assert each is not None
        os.close(each)


def links(page: AppTest) -> list[str]:
    return [link.proto.label for link in page.sidebar.get("page_link")]


def test_the_sidebar_lists_ones_own_and_counts_the_others(training: dict[str, Run]):
    page = enter(ANNA)
    assert links(page) == ["anna 0", "anna 1", "anna 2", "3 of others"]
    page = enter(ANNA, ALL)
    assert len(links(page)) == 2 + 3 + 1  # those that train, three that wait, and how many more do
    assert "Stop the 2 waiting" in [button.label for button in page.button]


def test_one_empties_the_queue_of_ones_own_runs_alone(training: dict[str, Run]):
    page = enter(ANNA)
    (button,) = [button for button in page.button if button.label == "Stop the 2 waiting"]
    button.click().run()
    stopped = {run.name for run in Store().runs() if run.stop_requested}
    assert stopped == {"anna 1", "anna 2"}


def bar() -> None:
    from genmodels.ui.shell.sidebar import sidebar

    sidebar()


def test_a_toast_tells_only_of_ones_own_runs(training: dict[str, Run]):
    page = AppTest.from_function(bar, default_timeout=60)
    page.session_state["browser:token"] = ANNA
    page.run()
    for name in ("anna 0", "ben 0"):
        Store().update(training[name].id, state="failed")
    assert [toast.value for toast in page.run().toast] == ["**anna 0** has failed."]
