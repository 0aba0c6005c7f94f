"""What goes into the report: a model for each part, the sections, and the visitor's own words between them."""

import streamlit as st

from genmodels.checkpoints.pretrained import find
from genmodels.config.families import FAMILIES
from genmodels.export.report.choice import (
    APPENDIX,
    LONGEST_AUTHOR,
    LONGEST_TITLE,
    LONGEST_WORDS,
    MOST_OTHERS,
    Choice,
    candidates,
    families,
    section_titles,
    sensible,
)
from genmodels.export.report.words import words
from genmodels.language import LANGUAGES, _, current, listed
from genmodels.runs.run import Run
from genmodels.ui.access.permission import known, own
from genmodels.ui.models.model_picker import title
from genmodels.ui.session import get_store

MET = "report:met"  # whether it was known who chooses
WORDS_HEIGHT = 100  # pixels
A_ROW = 2  # models, so that their names are read to the end


def choices() -> tuple[Choice, bool]:
    """Draw them; what is chosen now, and whether all of that is what was chosen: what has gone meanwhile is told, and replaced."""
    # The visitor's own runs first: somebody else's would be handed in by mistake.
    everybodys = get_store().runs()
    own_ids = {run.id for run in own(everybodys)}
    runs = sorted(everybodys, key=lambda run: run.id not in own_ids)
    with st.container(border=True):
        language, heading, author = _about()
        models, others, gone = _models(runs, own_ids)
    sections, added = _sections()
    return Choice(models, others, language, heading, author, sections, added), not gone


def _about() -> tuple[str, str, str]:
    first, second, third = st.columns([2, 3, 2])
    if (key := "report:language") not in st.session_state:
        st.session_state[key] = current()
    language = first.segmented_control(
        _("Language"),
        list(LANGUAGES),
        required=True,
        format_func=LANGUAGES.__getitem__,
        key=key,
        persist_state="session",
    )
    heading = second.text_input(
        _("Title"),
        max_chars=LONGEST_TITLE,
        key="report:title",
        placeholder=words(language)["title"],
        persist_state="session",
    )
    author = third.text_input(_("Your name"), max_chars=LONGEST_AUTHOR, key="report:author", persist_state="session")
    return language or current(), heading, author


def _models(runs: list[Run], own_ids: set[str]) -> tuple[dict[str, str], tuple[str, ...], bool]:
    named = {run.id: run for run in runs}
    models, others = sensible([run for run in runs if run.id in own_ids])
    if known() and not st.session_state.get(MET):  # what was proposed before may be of another one
        st.session_state[MET] = True
        for family in families():
            st.session_state.pop(f"report:{family}", None)
    chosen: dict[str, str] = {}
    gone = []
    with st.container(key="model-names"):
        columns = [column for row in range(0, len(families()), A_ROW) for column in st.columns(A_ROW)]
    for family, column in zip(families(), columns, strict=False):
        found = candidates(runs, family)
        if not found:
            column.caption(
                _("{acronym}: nothing is trained yet. The document says how.", acronym=_(FAMILIES[family].acronym))
            )
            continue
        key = f"report:{family}"
        if (before := st.session_state.get(key)) not in found:
            gone += [_(FAMILIES[family].acronym)] if before else []
            st.session_state[key] = models.get(family, found[0])
        chosen[family] = column.selectbox(
            _(FAMILIES[family].acronym),
            found,
            format_func=lambda name: _title(name, named),
            key=key,
            persist_state="session",
        )
    gans = [name for name in candidates(runs, "dcgan") if name != chosen.get("dcgan")]
    key = "report:others"
    standing = st.session_state.get(key, others)
    if key not in st.session_state or not {*standing} <= {
        *gans
    }:  # not always: what is set by name, the browser takes for new
        st.session_state[key] = [name for name in standing if name in gans]
    compared = st.multiselect(
        _("DCGANs to compare"),
        gans,
        format_func=lambda name: _title(name, named),
        key=key,
        max_selections=MOST_OTHERS,
        help=_("Of other objectives for the losses, and with pooling for its ablation."),
        persist_state="session",
    )
    if gone:
        st.warning(
            _(
                "What you chose for {families} is no longer there: look at what stands in its place, then press *Make the document*.",
                families=listed(gone),
            )
        )
    return chosen, tuple(compared), bool(gone)


def _title(name: str, named: dict[str, Run]) -> str:
    entry = named.get(name) or find(name)
    return title(entry) if entry else name


def _sections() -> tuple[frozenset[str], dict[str, str]]:
    """What is ticked, part by part, with a field for own words below each ticked section."""
    parts = {part.title: [section.key for section in part.sections] for part in words(current()).parts}
    next(reversed(parts.values())).append(APPENDIX)
    titles = section_titles(current())
    ticked: set[str] = set()
    added: dict[str, str] = {}
    for column, (part, keys) in zip(st.columns(len(parts)), parts.items(), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{part}**")
            for key in keys:
                st.session_state.setdefault(f"report:section:{key}", True)
                if st.checkbox(titles[key], key=f"report:section:{key}", persist_state="session"):
                    ticked.add(key)
            with st.popover(_("Your own words"), icon=":material/edit:", width="stretch"):
                st.caption(
                    _(
                        "They stand at the end of a section: an empty line begins a paragraph, lines that begin with `- ` are a list, "
                        "`$x^2$` is an equation in LaTeX, and `**bold**` and `*emphasis*` are taken; all else stays text."
                    )
                )
                for key in keys:
                    if key in ticked:
                        added[key] = st.text_area(
                            titles[key],
                            max_chars=LONGEST_WORDS,
                            height=WORDS_HEIGHT,
                            key=f"report:own:{key}",
                            persist_state="session",
                        )
    return frozenset(ticked), {key: text for key, text in added.items() if text.strip()}
