"""A visitor's own images before training: a zip becomes a folder; what is in a folder, and how the networks will see it."""

import time

import numpy as np
import streamlit as st

from genmodels.config.base import RunConfig
from genmodels.config.datasets import ClassFolders
from genmodels.data.folder_check import FolderReport, inspect_folder, local
from genmodels.data.image_file import ImageError, decode, fit
from genmodels.errors import UserError
from genmodels.jobs.policy import policy
from genmodels.language import N_, _
from genmodels.language.message import rows_by_columns
from genmodels.ui.access import commands
from genmodels.ui.training.config_form import fill_in
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain

ZIP, REFUSED = "own-images:zip", "own-images:refused"
CHECKED = "own-images:checked"  # the folder that was looked into last, and when
SHOWN, A_ROW, SIDE = 32, 8, 32  # images, and pixels of one's side on the screen, about
LISTED, AT_ONCE, LIST_HEIGHT = 100, 5, 240  # files that are left out; so many without scrolling; pixels
COLOURS = {1: N_("in grey"), 3: N_("in colour")}


def own_images(config: type[RunConfig], chosen: RunConfig | None) -> None:
    """Draw it for a form that says ``chosen``, or None while a value is refused or missing."""
    st.file_uploader(_("Or a zip of images"), "zip", key=ZIP, on_change=_take, args=(config,))
    if refused := st.session_state.pop(REFUSED, None):
        st.error(plain(refused))
    if chosen is not None:
        _check(config, chosen)


def _take(config: type[RunConfig]) -> None:
    """Make a folder of the zip that has just been uploaded, and look into it."""
    file = st.session_state[ZIP]
    if file is None:  # it was taken away again
        return
    try:
        folder = str(commands.upload_images(file))
    except UserError as error:
        st.session_state[REFUSED] = N_("{file}: {error}", file=file.name, error=error)
        st.session_state.pop(CHECKED, None)  # of another zip
        return
    fill_in(config, folder=folder)
    st.session_state[CHECKED] = (folder, time.time())


def _check(config: type[RunConfig], chosen: RunConfig) -> None:
    """On request, what is in the folder, and which of the images would be left out."""
    if st.button(_("Check the images"), icon=":material/fact_check:", width="stretch"):
        st.session_state[CHECKED] = (chosen.folder, time.time())
    folder, when = st.session_state.get(CHECKED, ("", 0.0))
    if folder != chosen.folder:
        return
    try:
        with st.spinner(_("Looking at every image…")), working():
            report = _report(folder, chosen.class_folders, when)
    except UserError as error:
        st.error(plain(error))
        return
    st.success(plain(" ".join(map(_, report.summary()))))
    if report.unreadable:
        st.warning(
            _(
                "Training goes on without these, which cannot be read or show nothing: {unreadable}.",
                unreadable=len(report.unreadable),
            )
        )
        with st.container(height=LIST_HEIGHT if len(report.unreadable) > AT_ONCE else "content", border=False):
            lines = (f"- {plain(file)}: {plain(_(reason))}" for file, reason in report.unreadable[:LISTED])
            st.markdown("\n".join(lines))  # a table would cut long names, or the reasons beside them
        if len(report.unreadable) > LISTED:
            st.caption(_("The first {n} of {all:,}.", n=LISTED, all=len(report.unreadable)))
    _suggest(config, chosen, report)
    _show(chosen, report, when)


@st.cache_resource(max_entries=8, show_spinner=False)
def _report(named: str, class_folders: ClassFolders, when: float) -> FolderReport:
    folder = local(named)
    policy().check_folder(folder)
    return inspect_folder(folder, class_folders=class_folders)


def _suggest(config: type[RunConfig], chosen: RunConfig, report: FolderReport) -> None:
    """A button for the size and the channels that suit the images, where the form says others."""
    size, channels = report.suggestion()
    if (size, channels) != (chosen.image_size, chosen.channels):
        st.button(
            _("Use {size} pixels, {colours}", size=rows_by_columns(size, size), colours=COLOURS[channels]),
            icon=":material/auto_fix_high:",
            help=_("What these images fill, and whether they show colours."),
            on_click=fill_in,
            args=(config,),
            kwargs={"image_size": size, "channels": channels},
        )


def _show(chosen: RunConfig, report: FolderReport, when: float) -> None:
    """Some of the images that would be trained on, from all over the folder."""
    train = report.layout.train
    places = np.linspace(0, len(train) - 1, min(SHOWN, len(train))).round().astype(int)
    names = tuple(train[place] for place in places)
    try:
        images = _prepared(chosen.folder, names, chosen.image_size, chosen.channels, when)
    except (OSError, ImageError):
        st.error(_("An image has changed since they were looked at: check the images again."))
        return
    how = _(
        "{size} pixels, {colours}",
        size=rows_by_columns(chosen.image_size, chosen.image_size),
        colours=COLOURS[chosen.channels],
    )
    st.caption(_("{images} of them as they will be trained on: {how}.", images=len(images), how=how))
    strip(images, _("Images as they will be trained on, {how}", how=how), columns=A_ROW, scale=at_most(images, SIDE))


@st.cache_data(max_entries=8, show_spinner=False)
def _prepared(folder: str, names: tuple[str, ...], image_size: int, channels: int, when: float) -> np.ndarray:
    """uint8 (N, C, H, W)."""
    return np.stack([fit(decode(local(folder) / name), image_size, channels) for name in names])
