"""The scores of a run that has ended, where those of a pretrained model stand: those that were measured, or the button that has them measured."""

import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.families import FAMILIES
from genmodels.language import N_, _
from genmodels.metrics.evaluation import RunEvaluation, Stage
from genmodels.runs.evaluation import QUICK_IMAGES, Evaluation, evaluation_of
from genmodels.runs.run import GONE
from genmodels.runs.store import Run
from genmodels.ui.access import commands, permission
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.score_line import score_line
from genmodels.ui.models.scores import Scored, headline
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.shell.background import TICK, Words, follow
from genmodels.ui.widgets.progress import duration
from genmodels.ui.widgets.text import plain

WORDS = Words(N_("run"), N_("measured"), N_("under way"), N_("Measure again"))
ABOUT = N_(
    "FID and what else such a model is judged by, measured in the background on {n:,} samples and as many test images at most, and kept with "
    "the run."
)


def evaluated(run: Run) -> Evaluation | None:
    """The scores of its newest weights, where they were measured."""
    return evaluation_of(loading.folder(run), run.config)


def scored(entry: Entry) -> Scored | None:
    """A model with its scores, where these were measured."""
    return entry if isinstance(entry, Pretrained) else evaluated(entry)


def run_scores(run: Run) -> None:
    """Draw them into the line of its state; nothing of a run that is under way, has no weights, or draws no images."""
    if run.alive or loading.step(run) is None or not FAMILIES[run.config["family"]].pictures:
        return
    going = _going(run, RunEvaluation(loading.folder(run), run.config))
    refresh_every(_scores, TICK if going else None)(run.id, going)


def _going(run: Run, made: RunEvaluation) -> bool:
    """Whether it is being measured, or was asked for and waits for another one."""
    return made.is_running() or bool(st.session_state.get(_asked(run)))


def _asked(run: Run) -> str:
    return f"{run.id}:measure:asked"


def _scores(run_id: str, was_going: bool) -> None:
    run = get_store().get(run_id)
    if run is None:
        st.warning(_(GONE))
        return
    made = RunEvaluation(loading.folder(run), run.config)
    look = made.look()
    if look.state != "missing":
        st.session_state.pop(_asked(run), None)
    if isinstance(look.found, Evaluation):
        _measured(look.found)
    elif look.state == "missing" and not _going(run, made):
        _button(run, made)
    else:
        follow(made, f"{run.id}:measure", _told(look.found), WORDS)
    if _going(run, made) != was_going:
        st.rerun()  # the whole page: this part starts, or stops, to look again by itself


def _measured(found: Evaluation) -> None:
    if headline(found):
        score_line(found)
    elif reason := found.reason("fid"):
        st.caption(_("No score could be measured that has a scale: {reason}.", reason=plain(reason)))
    else:
        st.caption(_("No score could be measured that has a scale."))


def _button(run: Run, made: RunEvaluation) -> None:
    why = None if permission.may_train() else _("This server does not let you train.")
    none = _("No scores yet. Quick ones, of {n:,} samples, take a minute or so.", n=QUICK_IMAGES)
    if st.button(
        _("Measure"), icon=":material/speed:", key=f"{run.id}:measure", disabled=why is not None,
        help=why or f"{none} {_(ABOUT, n=QUICK_IMAGES)}",
    ):  # fmt: skip
        st.session_state[_asked(run)] = not commands.compute(made)
        st.rerun()


def _told(stage: Evaluation | Stage | None) -> str:
    """What is being done, and for how long yet."""
    if not isinstance(stage, Stage):
        return ""
    what = plain(stage.what)
    if stage.seconds_left is None:
        return _("The evaluation ({what})", what=what)
    return _("The evaluation ({what}, about {left} left)", what=what, left=duration(stage.seconds_left))
