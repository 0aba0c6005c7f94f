"""Scores of a trained model.

python -m genmodels.metrics.evaluate MODEL --json
"""

import json
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from genmodels.config.arguments import Parser, one_line
from genmodels.inference.devices import named
from genmodels.inference.load import load_model
from genmodels.inference.restore import Trained
from genmodels.metrics.scores import GENERATED, LEAST, Request, images
from genmodels.models.numbers import MOST_DRAWS, MOST_IMAGES, whole
from genmodels.runs.evaluation import QUICK_DRAWS, QUICK_IMAGES
from genmodels.storage.progress import shown_on_stderr
from genmodels.storage.strict_json import finite

FULL_DRAWS = 1000


def evaluate(
    trained: Trained,
    *,
    iw_k: int = FULL_DRAWS,
    samples: int | None = None,
    seed: int = 0,
    with_inception: bool = False,
) -> dict[str, Any]:
    """The scores of a trained model, by its family; raises ``DataError`` when the images cannot be had.

    Raises ``TypeError`` or ``NumberError`` for numbers of images or draws that cannot be. ``samples``: so many generated images, and so many test images at most; by default 10,000, and all. ``iw_k`` is for
    the VAE. ``with_inception``: compare images by its features, not by those of the pretrained classifier or of the network that is
    trained where none knows the images, see ``judge_training``; raises ``features.FeatureError`` when its weights cannot be had. A family has scores of its own in the module of its name in
    ``metrics.scores``. A score that cannot be had is None; ``reasons``, which is there where one is, says why, by its name.
    """
    samples = None if samples is None else whole("samples", samples, 1, MOST_IMAGES)
    iw_k = whole("iw_k", iw_k, 1, MOST_DRAWS)
    request = Request(samples, seed, iw_k)
    scores: dict[str, Any] = {"family": trained.config.family, "dataset": trained.config.dataset, "seed": seed}
    reasons: dict[str, str] = {}
    parts = []
    if trained.family.generates:
        parts.append(images.score(trained, request.generated, seed, with_inception))
    own = f"{images.__package__}.{trained.config.family}"
    if find_spec(own):
        parts.append(import_module(own).score(trained, request))
    for part in parts:
        reasons |= part.pop("reasons", {})
        scores |= part
    scores, broken = finite(scores, ": the model's outputs are no longer finite")
    reasons |= broken
    return scores | ({"reasons": reasons} if reasons else {})


def main(arguments: list[str] | None = None, prog: str = "python -m genmodels.metrics.evaluate") -> None:
    """Print the scores of the model that the command line names."""
    parser = Parser(prog=prog, description="Score a trained model.")
    parser.add_argument("model", metavar="MODEL", help="a run's id, folder or zip, or the name of a pretrained model")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--full",
        action="store_true",
        help=f"as published: all test images, {GENERATED:,} generated ones, and {FULL_DRAWS:,} draws; minutes on a CPU",
    )
    parser.add_argument("--iw-k", type=int, help=f"draws behind iw_nll [default {QUICK_DRAWS}; full {FULL_DRAWS:,}]")
    parser.add_argument(
        "--samples",
        type=int,
        help=f"number of test images, and of generated ones [default {QUICK_IMAGES:,}; full: all, and {GENERATED:,}]; a score "
        f"that needs more, most need {LEAST}, is null, with the reason",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the noise behind samples and draws [default 0]")
    parser.add_argument(
        "--inception", action="store_true", help="compare images by Inception's features, fetched at first use"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps [default auto]")
    with one_line(prog):
        options = parser.parse_args(arguments)
        if any(value is not None and value < 1 for value in (options.iw_k, options.samples)):
            parser.error("--iw-k and --samples must be at least 1.")
        if not options.full:
            options.iw_k = options.iw_k or QUICK_DRAWS
            options.samples = options.samples or QUICK_IMAGES
        trained = load_model(options.model)
        trained.family.to(named(options.device))
        if not options.full:
            print(
                f"Quick scores, of {options.samples:,} images (of a VAE with {options.iw_k:,} draws each): --full takes what "
                "published ones are of.",
                file=sys.stderr,
            )
        with shown_on_stderr():
            scores = evaluate(
                trained,
                iw_k=options.iw_k or FULL_DRAWS,
                samples=options.samples,
                seed=options.seed,
                with_inception=options.inception,
            )
    print(json.dumps(scores, allow_nan=False) if options.json else _table(scores))


def _table(scores: dict[str, Any]) -> str:
    reasons = scores.get("reasons", {})
    shown = {name: value for name, value in scores.items() if name != "reasons"}
    width = max(map(len, shown))
    return os.linesep.join(f"{name:{width}}  {_written(value, reasons.get(name))}" for name, value in shown.items())


def _written(value: Any, reason: str | None) -> str:
    if value is None:
        return f"none: {reason}" if reason else "none"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
