"""Directives about codes: those of a VAE on a map and in clusters, where those of a flow come from, and what those of an InfoGAN mean."""

import numpy as np

from genmodels.errors import UserError
from genmodels.export.figures import PALETTE
from genmodels.export.report import plots
from genmodels.export.report.code_sources import fids, rows_of
from genmodels.export.report.contents import DASH, Context, of_model
from genmodels.export.report.document import Block, Figure, Picture, Span, Table, Text, name
from genmodels.export.report.latent_map import PERPLEXITY, tsne_points
from genmodels.export.report.sources import Source
from genmodels.language import FROM_THE_RIGHT, N_, _, current
from genmodels.language.figures import in_digits, localised
from genmodels.latent.clusters import Clusters, cluster, contingency
from genmodels.latent.codes import Codes
from genmodels.latent.infogan_codes import CodeMeaning
from genmodels.latent.pca import principal_plane
from genmodels.storage.image_grid import grid

MEMBERS = 11  # images shown of each cluster and code
OF_A_SOURCE = 12  # images shown of codes from it
MOST_GROUPS = 20  # whose colours can be told apart


@of_model
def latent_map(context: Context, model: Source) -> list[Block]:
    codes = model.codes
    found, points, caption = _plane(context, codes)
    if codes.labels is None or len(codes.classes) > MOST_GROUPS:
        groups, names = np.zeros(len(codes), int), [""]
    else:
        groups, names = codes.labels, list(map(_class, codes.classes))
    drawn = plots.scatter(points, groups, names, PALETTE[: len(names)])
    return [*found, Figure(drawn, (*caption, *context.words.made(model.facts)))]


def _plane(context: Context, codes: Codes) -> tuple[list[Block], np.ndarray, Text]:
    """What is to be said first, the points (N, 2), and what they are: of t-SNE, or of PCA where that cannot be had."""
    count = in_digits(len(codes), ",")
    try:
        points = tsne_points(codes, context.start)
    except UserError as error:
        note = context.words.note("no_map", reason=str(error))
        plane = principal_plane(codes.mu)
        return [note], plane.project(codes.mu), context.words.caption("pca", count=count)
    return [], points, context.words.caption("tsne", count=count, perplexity=in_digits(PERPLEXITY, "g"))


@of_model
def clusters(context: Context, model: Source) -> list[Block]:
    codes = model.codes
    if len(codes) < 2:
        raise UserError(N_("Clusters need at least two images: choose a model with more."))
    found = cluster(codes.mu, min(MOST_GROUPS, len(codes.classes) or 10), codes.labels)
    notes, points = _plane(context, codes)[:2]
    names = [_named(codes, found, number) for number in range(found.k)]
    colours = [PALETTE[found.matched.get(number, number) % len(PALETTE)] for number in range(found.k)]
    made = context.words.made(model.facts)
    told = context.words
    blocks: list[Block] = [Figure(plots.scatter(points, found.ids, names, colours), (*told.caption("clusters"), *made))]
    if codes.labels is None:
        blocks.append(told.note("no_labels"))
    else:
        counts = contingency(found.ids, codes.labels, found.k, len(codes.classes))
        caption = told.caption("counts", k=in_digits(found.k))
        blocks.append(Figure(plots.counts(counts, names, list(map(_class, codes.classes))), (*caption, *made)))
    blocks.append(Figure(_members(codes, found), (*told.caption("members"), *made)))
    scores = tuple(((Span(_(title)),), name(in_digits(value, ".3f"))) for title, value in found.scores.items())
    header = (told.column("score"), name(model.name))
    return [*notes, *blocks, Table(header, scores, told.caption("agreement", count=in_digits(len(codes), ",")))]


def _named(codes: Codes, found: Clusters, number: int) -> str:
    shown = in_digits(number)
    if number not in found.matched:
        return shown
    arrow = "←" if current() in FROM_THE_RIGHT else "→"  # no letter, which would be turned with what is around it
    return f"{shown} {arrow} {_class(codes.classes[found.matched[number]])}"


def _class(name: str) -> str:
    """What a drawing calls a class: a number in the digits of all other numbers in it."""
    return localised(name, current()) if name.isdecimal() else name


def _members(codes: Codes, found: Clusters) -> Picture:
    rows = []
    for number in range(found.k):
        members = found.members(number)
        if len(members):
            mean = codes.images[members].mean(0, keepdims=True).round().astype(np.uint8)
            rows.append(_row(np.concatenate([mean, codes.images[members[:MEMBERS]]]), MEMBERS + 1))
    return plots.image(grid(np.concatenate(rows), MEMBERS + 1), 0.65)


def _row(images: np.ndarray, length: int) -> np.ndarray:
    """Images (N, C, H, W), filled up with grey ones to a whole row."""
    missing = length - len(images)
    return np.concatenate([images, np.full((missing, *images.shape[1:]), 128, np.uint8)]) if missing > 0 else images


@of_model
def code_sources(context: Context, model: Source) -> list[Block]:
    told, (values, count) = context.words, fids(model)
    picture = plots.image(grid(rows_of(model, OF_A_SOURCE), OF_A_SOURCE), 0.65)
    figure = Figure(picture, (*told.caption("code_sources"), *told.made(model.facts)))
    sources = map(told.column, ("from_prior", "from_flow", "from_images"))
    rows = tuple(
        (source, DASH if value is None else name(in_digits(value, ".3g")))
        for source, value in zip(sources, values, strict=True)
    )
    header = (told.column("codes"), (Span("FID"),))
    return [figure, Table(header, rows, told.caption("source_fids", count=in_digits(count, ",")))]


@of_model
def meaning(context: Context, model: Source) -> list[Block]:
    read, images = model.meaning
    told = context.words
    made = told.made(model.facts)
    codes = range(read.probabilities.shape[1])
    sizes = np.bincount(read.read, minlength=len(codes))
    rows = tuple(
        (
            name(in_digits(code, "d")),
            name(_stands_for(read, code)),
            name(in_digits(read.share(code), ".0%")),
            name(in_digits(sizes[code], ",")),
        )
        for code in codes
    )
    accuracy = "–" if read.accuracy is None else in_digits(read.accuracy, ".1%")
    caption = (*told.caption("meaning", count=in_digits(len(images), ","), accuracy=accuracy), *made)
    header = tuple(told.column(key) for key in ("code", "stands_for", "share", "images"))
    found: list[Block] = [] if read.labels is not None else [told.note("no_labels")]
    shown = [_row(images[read.surest(code)[:MEMBERS]], MEMBERS) for code in codes if sizes[code]]
    if read.labels is not None:
        found.append(Table(header, rows, caption))
    figure = plots.image(grid(np.concatenate(shown), MEMBERS), 0.65)
    return [*found, Figure(figure, (*told.caption("surest"), *made))]


def _stands_for(read: CodeMeaning, code: int) -> str:
    matched = read.matched
    return str(read.classes[matched[code]]) if code in matched else "–"
