"""What an address leads to, and that a page's address leads back to it."""

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from genmodels.ui import session
from genmodels.ui.shell import link_warning
from tests.support.pages import ended, open_page

GONE = "The run that was asked for is not on this server, or was deleted: here is another one."
NO_TAB = "There is no tab of that name on this page: here is the first one."


@pytest.mark.parametrize(("page", "family"), [("vae", "vae"), ("dcgan", "dcgan"), ("conditional", "cgan")])
def test_the_address_tells_what_is_shown(page: str, family: str):
    shown = open_page(page)
    assert shown.query_params["run"] == shown.selectbox(key=f"{family}:choice").value
    assert not shown.warning


@pytest.mark.parametrize("page", ["vae", "dcgan", "conditional"])
def test_a_link_to_a_run_that_is_gone_says_so_and_shows_another(page: str):
    shown = open_page(page, run="vae-20200101-000000-dead")
    assert [warning.value for warning in shown.warning] == [GONE]
    family = "cgan" if page == "conditional" else page
    assert shown.selectbox(key=f"{family}:choice").value


def test_a_link_to_a_run_of_another_family_leads_to_its_page():
    run = Store().create(DCGANConfig().model_dump(), "My run")
    shown = open_page("vae", run=run.id)
    assert [warning.value for warning in shown.warning] == ["My run is shown on another page: here is something else."]
    (link,) = (link.proto for link in shown.get("page_link") if link.proto.label == "Open My run")
    assert (link.page, link.query_string) == ("dcgan", f"run={run.id}")


def test_a_run_that_was_shown_and_is_deleted_gives_way_to_another():
    store = Store()
    run = store.create(VAEConfig().model_dump())
    shown = open_page("vae", run=run.id)
    store.delete(run.id)
    shown.run()
    assert [warning.value for warning in shown.warning] == [GONE]
    assert shown.selectbox(key="vae:choice").value == "vae-mnist"


def test_an_unknown_tab_is_told_for_a_while_and_the_first_is_open(monkeypatch: pytest.MonkeyPatch):
    shown = open_page("vae", tab="Nonsense")
    assert [warning.value for warning in shown.warning] == [NO_TAB]
    assert not shown.exception
    assert [warning.value for warning in shown.run().warning] == [NO_TAB], "as when the browser has told whose it is"
    monkeypatch.setattr(link_warning, "SECONDS", 0)
    assert not shown.run().warning
    assert not open_page("vae", tab="Decoder").warning


def test_a_link_with_a_former_title_opens_the_tab_of_today():
    shown = open_page("vae", tab="VAE beside GAN")
    assert not shown.warning
    assert shown.session_state["tab"] == "VAE vs. GAN"
    assert shown.selectbox(key="beside:gan").value


@pytest.mark.parametrize("slow", [True, False])
def test_an_address_that_the_page_has_just_replaced_takes_nobody_back(slow: bool, monkeypatch: pytest.MonkeyPatch):
    page = open_page("conditional", run="cgan-mnist")
    page.segmented_control(key="model").set_value("InfoGAN").run()
    if not slow:
        ended(page)  # else what the browser has sent stops it before
    monkeypatch.setattr(session, "ON_ITS_WAY", 0 if slow else 1000)
    page.query_params["run"] = "cgan-mnist"  # the browser has sent this before the new address has come to it
    page.run()
    assert (page.session_state["model"], page.query_params["run"]) == ("InfoGAN", "infogan-mnist")
    ended(page)
    monkeypatch.setattr(session, "ON_ITS_WAY", 0)
    page.query_params["run"] = "cgan-mnist"  # a step back in its history
    page.run()
    assert (page.session_state["model"], page.query_params["run"]) == ("CGAN", "cgan-mnist")


def test_the_selected_runs_are_in_the_address_of_all_runs():
    store = Store()
    first, second, third = (store.create(VAEConfig().model_dump(), name) for name in ("first", "second", "third"))
    one = open_page("runs", run=second.id)
    assert second.id.rpartition("-")[2] in one.subheader[0].value
    two = open_page("runs", run=[first.id, third.id])
    assert two.subheader[0].value == "2 runs compared"
    assert sorted(two.query_params["run"]) == sorted([first.id, third.id])
    assert "run" not in open_page("runs").query_params


def test_a_link_to_runs_of_which_some_are_gone_says_so():
    run = Store().create(VAEConfig().model_dump())
    shown = open_page("runs", run=[run.id, "gone"])
    assert "Not all runs that were asked for" in shown.warning[0].value
    assert "Not all runs that were asked for" in shown.run().warning[0].value
    assert run.id.rpartition("-")[2] in shown.subheader[0].value


def test_a_link_to_runs_works_at_any_visit_and_a_visit_without_one_keeps_the_selection():
    store = Store()
    first, second, third = (store.create(VAEConfig().model_dump(), name) for name in ("first", "second", "third"))
    page = open_page("runs", run=first.id)
    for asked in ([second.id], [third.id, first.id]):
        page.query_params["run"] = asked
        assert page.run().session_state["runs:selected"] == asked
    page.text_input(key="runs:text").set_value("second")
    page.query_params["run"] = third.id
    assert page.run().session_state["runs:selected"] == [third.id]
    assert page.text_input(key="runs:text").value == "", "a filter would hide it"
    page.switch_page("pages/vae.py").run()
    del page.query_params["run"]
    page.switch_page("pages/runs.py").run()
    assert page.session_state["runs:selected"] == [third.id]
    assert page.query_params["run"] in (third.id, [third.id])
    del page.query_params["run"]  # as a step back in the browser's history does
    assert page.run().session_state["runs:selected"] == []


@pytest.mark.parametrize(
    ("page", "query", "said"),
    [
        ("overview", {"lang": "xx"}, "There is no language of that name here: choose one at the end of the sidebar."),
        ("conditional", {"model": "BigGAN"}, "There is no model of that name on this page: it has CGAN, InfoGAN."),
        ("runs", {"kind": "*vae*"}, "No page knows what kind in this address means: the page is shown without it."),
        ("report", {"utm_source": "a-newsletter", "__theme": "dark"}, None),
    ],
)
def test_what_an_address_says_in_vain_is_told_and_the_page_opens(page: str, query: dict[str, str], said: str | None):
    shown = open_page(page, **query)
    assert [warning.value for warning in shown.warning] == ([said] if said else [])
    assert not shown.error


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("fa", "fa"), ("فارسی", "fa"), ("en", "en"), ("xx", "en"), ("fa-IR", "fa"), ("FA", "fa"), ("fa_ir", "fa"), (["fa", "en"], "en"),
     (["fa", "xx"], "fa"), (["", "fa"], "fa")],
)  # fmt: skip
def test_a_link_may_name_the_language_by_its_code(asked: str | list[str], shown: str):
    app = AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=60)
    app.query_params["lang"] = asked
    app.run()
    assert app.session_state["lang"] == shown
    assert app.query_params.get("lang") == ("fa" if shown == "fa" else None)
    assert app.switch_page("pages/vae.py").run().session_state["lang"] == shown
