"""A batch that the memory is too small for: the run must say which batch would fit, and that one must."""

import re
from collections.abc import Iterator

from genmodels.errors import TrainingError
from genmodels.gpu_check import card
from genmodels.gpu_check.row import Figure, Row
from genmodels.gpu_check.session import Session, trainer

LARGEST = 8192  # that a config allows
WIDTH = 64  # with --quick too, or it would fit
ROOM = 2**30  # bytes that this process may take beside what it holds
FITS = re.compile(r"a batch size of (\d+), which fits")


def check(session: Session) -> Iterator[Row]:
    """A DCGAN on a card of which this process may take a part alone."""
    config = session.config("dcgan", epochs=1, batch_size=LARGEST, check_every=0, width=WIDTH)
    with card.with_little_memory(session.device, ROOM):
        sentence = ""
        try:
            trainer(config, session.folder / "too-large").run()
        except TrainingError as error:
            sentence = str(error)
        found = FITS.search(sentence)
        if found is None:
            raise LookupError(f"the run named no batch that fits, but said: {sentence or 'nothing, and ended well'}")
        fits = int(found[1])
        card.tidy(session.device)
        smaller = trainer(config.model_copy(update={"batch_size": fits}), session.folder / "fitting")
        smaller.run()
    yield Row(
        "a batch that is too large",
        {
            "batch": Figure(LARGEST, "images"),
            "batch that fits, as the run says": Figure(fits, "images", least=2, most=LARGEST / 2),
            "steps that it then makes": Figure(smaller.step, least=smaller.total_steps, most=smaller.total_steps),
        },
    )
