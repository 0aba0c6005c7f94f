"""The t-SNE map of a report: the one that is kept with the codes, else made now, in a process of its own."""

import time
from collections.abc import Callable

import numpy as np

from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.latent.codes import Codes
from genmodels.latent.maps import FEWEST
from genmodels.latent.tsne import TSNE
from genmodels.storage.progress import watched

PERPLEXITY = 30.0
LOOK_SECONDS = 0.2
PARTS = 100  # of the whole, by which progress is told

Start = Callable[[TSNE], bool]  # as ``TSNE.start``, which may raise ``UserError``


def tsne_points(codes: Codes, start: Start = TSNE.start) -> np.ndarray:
    """The points (N, 2) of the map; raises ``UserError`` where there is none and none can be made."""
    if len(codes) < FEWEST:
        raise UserError(N_("t-SNE needs at least {fewest} images: choose a model with more.", fewest=FEWEST))
    tsne = TSNE(codes.folder, 0, PERPLEXITY)
    points = tsne.look().found if tsne.look().state == "done" else None
    if points is None:
        with watched("t-SNE", PARTS, "%") as advance:
            points = _made(tsne, start, advance)
    return points


def _made(tsne: TSNE, start: Start, advance: Callable[[int], object]) -> np.ndarray:
    started, told = False, 0
    while True:
        look = tsne.look()
        if look.state == "done" and look.found is not None:
            return look.found
        if look.state == "failed" or (started and look.state != "running"):
            raise UserError(look.error or N_("Its computation was cancelled: make the document again."))
        if look.state != "running":
            started = start(tsne)  # False while another map is made on this machine: asked again
        if (more := int(look.share * PARTS) - told) > 0:
            advance(more)
            told += more
        time.sleep(LOOK_SECONDS)
