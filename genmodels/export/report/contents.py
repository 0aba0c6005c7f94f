"""What stands in the place of each directive of the texts: figures and tables of the chosen models.

A directive is a word and what it is about, as in ``curves vae Negative ELBO``. What cannot be drawn is a note with the way out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from genmodels.config.families import FAMILIES, GANConfig
from genmodels.config.objectives import OBJECTIVES
from genmodels.errors import UserError
from genmodels.export.curve_lines import curve_lines
from genmodels.export.figures import PALETTE, Line
from genmodels.export.report import markup, plots
from genmodels.export.report.document import Block, Equation, Figure, Paragraph, Span, Table, Text, name
from genmodels.export.report.latent_map import Start
from genmodels.export.report.sources import Source, page_of
from genmodels.export.report.words import Words
from genmodels.language import N_, _
from genmodels.language.figures import in_digits
from genmodels.latent.tsne import TSNE

MOST_POINTS = 1200  # of a curve: more than the dots of a printed line are told apart
NOISY, SMOOTHING = 300, 0.95  # values of a curve from which on it is smoothed, and how much
MIDDLE, SMALL = 0.55, 0.35  # the share of the text's width that a picture has, alone and among others
SHARES = {
    "precision",
    "recall",
    "kmeans_acc_mean",
    "label_fidelity",
    "samples_only_accuracy",
    "code_accuracy",
    "confident_share",
}
NATS = {"neg_elbo", "iw_nll", "recon", "kl", "categorical_bound"}
DASH: Text = (Span("–"),)


@dataclass(frozen=True)
class Context:
    """words: of the document's language; models: by family; others: further DCGANs, to be compared; start: of a t-SNE map."""

    words: Words
    models: Mapping[str, Source]
    others: Sequence[Source] = ()
    start: Start = field(default=TSNE.start)

    @property
    def gans(self) -> list[Source]:
        """All DCGANs, each once, the chosen one first."""
        found = [*([self.models["dcgan"]] if "dcgan" in self.models else []), *self.others]
        return list({each.name: each for each in found}.values())

    def no_model(self, family: str) -> Paragraph:
        """That there is none, and which button makes one."""
        return self.words.note("no_model", family=FAMILIES[family].acronym, page=_(page_of(family)))


Draw = Callable[..., list[Block]]
DIRECTIVES: dict[str, Draw] = {}


def directive(draw: Draw) -> Draw:
    """Known to the texts by its name: a function of the context and of the directive's further words."""
    DIRECTIVES[draw.__name__] = draw
    return draw


def of_model(draw: Draw) -> Draw:
    """For a directive about one model, whose family is its first word."""

    def drawn(context: Context, family: str, *others: str) -> list[Block]:
        if family not in context.models:
            return [context.no_model(family)]
        return draw(context, context.models[family], *others)

    drawn.__name__ = draw.__name__
    return directive(drawn)


def contents(context: Context, words: str) -> list[Block]:
    """What stands in the place of the directive ``words``."""
    word, *about = words.split()
    try:
        return DIRECTIVES[word](context, *about)
    except UserError as error:
        return [context.words.note("failed", reason=str(error))]


@directive
def equation(context: Context, explanation: str, number: str) -> list[Block]:
    return [context.words.explained(explanation, Equation)[int(number) - 1]]


@directive
def table(context: Context, explanation: str) -> list[Block]:
    return context.words.explained(explanation, Table)[:1]


@of_model
def curves(context: Context, model: Source, *panel: str) -> list[Block]:
    return [curves_of(context, model, " ".join(panel), "curves")]


def curves_of(context: Context, model: Source, panel: str, caption: str) -> Block:
    """A figure of one panel of a model's curves, or a note that it has none yet."""
    found = panel_of(model, panel)
    if found is None:
        return context.words.note("no_curve", run=model.name)
    lines = [replace(line, label=_(line.label)) for line in found.lines]
    drawn = plots.curves(lines, _(found.unit), [(height, _(label)) for height, label in found.levels])
    said = context.words.caption(caption, panel=_(panel), run=model.name, objective=objective_of(model))
    return Figure(drawn, (*said, *context.words.made(model.facts)))


@dataclass(frozen=True)
class Panel:
    """Curves of one unit; levels: of reference lines, as (height, label). All texts are messages, to be told where they are shown."""

    lines: list[Line]
    unit: str
    levels: Sequence[tuple[float, str]]


def panel_of(model: Source, panel: str) -> Panel | None:
    """One panel of a model's curves; None where it has none yet."""
    lines: list[Line] = []
    unit = ""
    own = [curve for curve in model.config.drawn() if curve.panel == panel]
    for curve, colour in zip(own, PALETTE, strict=False):
        unit = N_(curve.unit)
        for split in ("train", "validation", "test"):
            stored = f"{split}/{curve.name}"
            smoothing = SMOOTHING if (model.rows["name"] == stored).sum() > NOISY else 0.0
            lines += curve_lines(model.rows, stored, N_(curve.label), colour, smoothing, MOST_POINTS)
    return Panel(lines, unit, model.config.lines().get(panel, ())) if lines else None


@of_model
def picture(context: Context, model: Source, kind: str) -> list[Block]:
    if kind == "classes" and getattr(model.config, "condition", "label") == "picture":
        kind = "completions"
    return [picture_of(context, model, kind, MIDDLE)]


def picture_of(context: Context, model: Source, kind: str, width: float, caption: str = "") -> Block:
    """A figure of what a model has drawn, or a note that it has not yet; ``kind``: of caption, unless ``caption`` is another."""
    found = model.picture("samples" if kind == "classes" else kind)
    if found is None:
        return context.words.note("no_picture", run=model.name)
    said = context.words.caption(caption or kind, run=model.name, objective=objective_of(model))
    return Figure(plots.image(found, width), (*said, *context.words.made(model.facts)))


@directive
def scores(context: Context, *families: str) -> list[Block]:
    return score_table(context, [context.models[family] for family in families if family in context.models])


def score_table(context: Context, models: Sequence[Source]) -> list[Block]:
    """The scores that at least one of the models has, one a row; nothing where there are none."""
    known = {
        key: title
        for key, title in context.words.said["scores"].items()
        if any(key in model.scores for model in models)
    }
    if not known:
        return []
    rows = [
        ((Span(title),), *(name(written(key, model)) if key in model.scores else DASH for model in models))
        for key, title in known.items()
    ]
    header = (context.words.column("score"), *(name(model.name) for model in models))
    return [Table(header, tuple(rows), context.words.caption("scores"))]


def written(key: str, model: Source) -> str:
    """The value of a score in its unit."""
    value = model.scores[key]
    if key in SHARES:
        return in_digits(value, ".1%")
    if key in NATS:
        return _("{value:.2f} nats", value=value)
    if key == "active_units":
        return f"{in_digits(value, '.0f')} / {in_digits(model.config.model_dump()['latent_dim'])}"
    if key == "classes_covered":
        return in_digits(value, ".0f")
    number = in_digits(value, ".3g" if abs(value) < 10 else ",.1f")
    if key == "fid" and (n := model.scores.get("samples")):  # which it falls with
        return _("{number} of {n:,} samples", number=number, n=int(n))
    return number


def objective_of(model: Source) -> str:
    """The title of a GAN's objective; empty for what has none."""
    return _(OBJECTIVES[model.config.objective].title) if isinstance(model.config, GANConfig) else ""


@directive
def objectives(context: Context) -> list[Block]:
    rows: list[tuple[Text, ...]] = []
    for info in OBJECTIVES.values():  # two rows each: both equations in one would be wider than a page
        rows.append(((Span(_(info.title), "strong"),), name("D"), (Span(info.discriminator, "math"),)))
        rows.append((markup.text(_(info.source)), name("G"), (Span(info.generator, "math"),)))
    header = tuple(map(context.words.column, ("objective", "network", "minimises")))
    return [Table(header, tuple(rows), context.words.caption("objectives"), together=2)]


@directive
def logits(context: Context) -> list[Block]:
    return [Figure(plots.logit_curves(list(OBJECTIVES)), context.words.caption("logits"))]


@directive
def compared(context: Context) -> list[Block]:
    if not context.gans:
        return [context.no_model("dcgan")]
    found: list[Block] = []
    for model in context.gans:
        found.append(curves_of(context, model, "Losses", "losses"))
        found.append(picture_of(context, model, "samples", SMALL, "compared"))
    return found + score_table(context, context.gans)
