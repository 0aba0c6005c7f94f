"""The ablation of pooling: each model with pooling beside the one without that differs in least, and what else differs."""

from typing import Any

from genmodels.config.base import matters
from genmodels.config.datasets import DATASETS
from genmodels.config.families import DCGANConfig
from genmodels.config.objectives import OBJECTIVES
from genmodels.config.wording import field_label
from genmodels.export.report.contents import DASH, SMALL, Context, directive, picture_of, written
from genmodels.export.report.document import Block, Paragraph, Span, Table, name
from genmodels.export.report.sources import Source, page_of
from genmodels.language import N_, _
from genmodels.language.figures import in_digits

WAYS = ("downsampling", "upsampling")  # what the ablation is about
NO_MATTER = "Machine"  # the group of settings that change how fast a run is, and how often one looks at it


@directive
def pooling(context: Context) -> list[Block]:
    usual = [DCGANConfig.model_fields[way].default for way in WAYS]
    pooled = [model for model in context.gans if "pooling" in _values(model)["downsampling"]]
    if not pooled:
        return [context.words.note("no_pooling", page=_(page_of("dcgan")))]
    others = [model for model in context.gans if [_values(model)[way] for way in WAYS] == usual]
    if not others:
        return [context.words.note("no_baseline", page=_(page_of("dcgan"))), *_compared(context, pooled)]
    nearest = {model.name: min(others, key=lambda other: len(_differences(model, other))) for model in pooled}
    baselines = {baseline.name: baseline for baseline in nearest.values()}
    notes = [_note(context, model, nearest[model.name]) for model in pooled]
    return _compared(context, [*baselines.values(), *pooled], [note for note in notes if note])


def _compared(context: Context, models: list[Source], notes: list[Paragraph] | None = None) -> list[Block]:
    """A table of what came out, what is to be said of it, and samples."""
    rows = []
    for model in models:
        last = [model.last(f"train/{loss}") for loss in ("d_loss", "g_loss")]
        losses = [DASH if value is None else name(in_digits(value, ".3g")) for value in last]
        fid = name(written("fid", model)) if "fid" in model.scores else DASH
        rows.append((name(model.name), *(name(_(_values(model)[way])) for way in WAYS), *losses, fid))
    header = (*map(context.words.column, ("model", "down", "up", "d_loss", "g_loss")), (Span("FID"),))
    table = Table(header, tuple(rows), context.words.caption("pooling"))
    return [table, *(notes or []), *(picture_of(context, model, "samples", SMALL, "compared") for model in models)]


def _note(context: Context, model: Source, baseline: Source) -> Paragraph | None:
    """What else differs, so that nobody takes its effect for that of pooling; None where nothing does."""
    found = _differences(model, baseline)
    if not found:
        return None
    return context.words.note("pooling_differs", run=model.name, baseline=baseline.name, settings=_("; ").join(found))


def _differences(model: Source, other: Source) -> list[str]:
    """The other settings of two models that differ and change what comes out, each with both values."""
    fields, (own, others) = DCGANConfig.options(), map(_values, (model, other))
    return [
        _difference(_(field_label(key, fields[key])), key, own[key], others[key])
        for group, keys in DCGANConfig.groups().items()
        for key in keys
        if group != NO_MATTER and key not in WAYS and own[key] != others[key]
        if matters(fields[key], own) or matters(fields[key], others)
    ]


def _difference(setting: str, key: str, one: Any, other: Any) -> str:
    if key == "folder":  # its place on the machine is nobody else's
        return _("{setting}: not the same", setting=setting)
    return _("{setting}: {one} against {other}", setting=setting, one=_shown(key, one), other=_shown(key, other))


def _values(model: Source) -> dict[str, Any]:
    """Its settings, with the epochs that it has trained in place of those that it was to train."""
    return model.config.model_dump() | {"epochs": model.epoch}


def _shown(key: str, value: Any) -> str:
    """A message where it has words, which are then read in the direction of the sentence that they go into."""
    if key == "objective":
        return N_(OBJECTIVES[value].title)
    if key == "dataset":
        return N_(DATASETS[value].title)
    if key == "train_images" and not value:
        return N_("all")
    if isinstance(value, bool):
        return N_("yes") if value else N_("no")
    return in_digits(value, ".6g") if isinstance(value, (int, float)) else N_(str(value) or "none")
