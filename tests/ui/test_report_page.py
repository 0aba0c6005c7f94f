"""The page of the report, without a browser."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import VAEConfig
from genmodels.export.report.choice import section_titles
from genmodels.runs.store import Store
from tests.support.pages import APP, open_page, press, texts


def tick_only(page: AppTest, *sections: str) -> AppTest:
    for key in section_titles():
        page.session_state[f"report:section:{key}"] = key in sections
    page.run()
    assert not page.exception
    return page


def downloads(page: AppTest) -> list[str]:
    return [button.proto.label for button in page.get("download_button")]


def test_models_are_chosen_already_a_finished_run_before_a_pretrained_one():
    store = Store()
    run = store.create(VAEConfig().model_dump(), "mine")
    assert open_page("report").selectbox(key="report:vae").value == "vae-mnist"
    store.update(run.id, state="finished")
    page = open_page("report")
    assert page.selectbox(key="report:vae").value == run.id
    assert page.selectbox(key="report:dcgan").value == "dcgan-mnist"
    assert "dcgan-mnist-minimax" in page.multiselect(key="report:others").value


def test_the_document_is_made_once_pressed_and_says_when_it_is_of_another_choice():
    page = tick_only(open_page("report"), "noise", "again")
    assert not downloads(page)
    page.text_area(key="report:own:noise").set_value("My own answer.")
    page.text_area(key="report:own:again").set_value("My own machine.")
    page = press(page, "Make the document")
    assert downloads(page) == ["Word (.docx)", "HTML"]
    made: Any = page.session_state["report:made"]
    assert "My own answer." in repr(made.document.blocks)
    assert "My own machine." in repr(made.document.blocks[-1])
    again = press(page, "Make the document")
    assert again.session_state["report:made"] is made, "the second press of a double click makes nothing"
    page.text_input(key="report:title").set_value("Another")
    assert "You have changed what goes in since" in texts(page.run())


def test_nothing_ticked_is_said_and_makes_nothing():
    page = tick_only(open_page("report"))
    assert [info.value for info in page.info] == ["Nothing is ticked: tick at least one section."]
    assert next(button for button in page.button if button.label == "Make the document").disabled


def test_the_language_of_the_explanations_is_that_of_the_report():
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.session_state["lang"] = "fa"
    page = app.switch_page("pages/report.py").run()
    assert page.session_state["report:language"] == "fa"


def test_a_model_that_is_deleted_meanwhile_gives_way_to_another():
    store = Store()
    run = store.create(VAEConfig().model_dump(), "mine")
    store.update(run.id, state="finished")
    page = open_page("report")
    store.delete(run.id)
    assert page.run().selectbox(key="report:vae").value == "vae-mnist"
    assert not page.exception


def test_no_document_is_made_of_what_stands_in_the_place_of_a_deleted_model():
    store = Store()
    run = store.create(VAEConfig().model_dump())
    store.update(run.id, state="finished")
    page = tick_only(open_page("report"), "noise")
    store.delete(run.id)
    page = press(page, "Make the document")
    (warning,) = page.warning
    assert warning.value.startswith("What you chose for VAE is no longer there: look at")
    assert not downloads(page)
    page = press(page, "Make the document")
    assert not page.warning
    assert downloads(page)


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "![x](http://example.com/x.png)"])
def test_own_words_are_text(words: str):
    page = tick_only(open_page("report"), "noise")
    page.text_area(key="report:own:noise").set_value(words)
    page = press(page, "Make the document")
    assert words not in "".join(element.value for element in page.markdown)


def test_an_equation_that_stays_as_typed_is_told_before_the_document_is_made():
    page = tick_only(open_page("report"), "noise")
    page.text_area(key="report:own:noise").set_value(r"$x^2$ and $\nosuchthing x$").run()
    assert [
        info.value for info in page.info if "stays as it is typed" in info.value and r"`$\nosuchthing x$`" in info.value
    ]
    page.text_area(key="report:own:noise").set_value("$x^2$").run()
    assert not [info.value for info in page.info if "stays as it is typed" in info.value]
