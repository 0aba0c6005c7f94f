"""Another language in the middle of a visit changes words, and nothing that was chosen."""

from itertools import pairwise
from typing import Any

from streamlit.testing.v1 import AppTest

from genmodels.language import speaking

CHOSEN = {"data": "fashion-mnist", "optimiser": 2, "several": ["hinge", "minimax"], "when": "newest", "part": "train"}


def app() -> None:
    """One control of each kind, whose labels are told in the visitor's language."""
    import streamlit as st

    from genmodels.config.datasets import DATASETS
    from genmodels.config.objectives import OBJECTIVES
    from genmodels.language import N_, _
    from genmodels.ui.shell.language import choose_language, listen, speak

    listen()
    st.selectbox("Data", list(DATASETS), format_func=lambda name: _(DATASETS[name].title), key="data")
    st.selectbox("A number", [1, 2], format_func=lambda n: _(N_("epoch {epoch:.4g}", epoch=n)), key="optimiser")
    st.multiselect("Several", list(OBJECTIVES), format_func=lambda name: _(OBJECTIVES[name].title), key="several")
    st.select_slider("When", ["first", "newest"], format_func=_, key="when")
    st.segmented_control("Part", ["test", "train"], format_func=_, key="part")
    st.multiselect("None", ["test", "train"], format_func=_, key="none")
    st.text_input("Words", key="words")
    st.number_input("Steps", key="steps")
    st.toggle("On", key="on")
    st.button("Press", key="press")
    st.download_button("Take", b"", key="take")
    st.file_uploader("Give", key="give")
    st.file_uploader("Give several", accept_multiple_files=True, key="give several")
    choose_language()
    speak()


def control(page: AppTest, key: str) -> Any:
    kinds: Any = (page.selectbox, page.multiselect, page.select_slider, page.get("button_group"))
    return next(box for kind in kinds for box in kind if box.key == key)


def test_what_was_chosen_stays_chosen_in_another_language_and_back():
    page = AppTest.from_function(app, default_timeout=60).run()
    for key, value in CHOSEN.items():
        control(page, key).set_value(value)
    page.text_input(key="words").set_value("one's own")
    page.toggle(key="on").set_value(True)
    page.run()
    for now, language in pairwise(("en", "fa", "en", "fa")):
        with speaking(now):  # the test stands for a browser, which has the labels of what it was given last
            control(page, "language").set_value(language).run()
        assert not page.exception
        assert all(control(page, key).proto.set_value for key in CHOSEN), (
            "a browser has the labels of before till it is told"
        )
        assert {key: page.session_state[key] for key in CHOSEN} == CHOSEN
        assert page.session_state["none"] == []
        assert page.session_state["words"] == "one's own"
        assert page.session_state["on"] is True
        with speaking(language):
            page.run()
        assert {key: page.session_state[key] for key in CHOSEN} == CHOSEN
