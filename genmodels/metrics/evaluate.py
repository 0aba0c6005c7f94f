"""Scores of a trained model.

python -m genmodels.metrics.evaluate RUN_OR_CHECKPOINT --json
"""

import json
import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from genmodels.config.arguments import Parser, one_line
from genmodels.inference.devices import named
from genmodels.inference.load import load_model
from genmodels.inference.restore import Trained
from genmodels.metrics.scores import Request, images


def evaluate(
    trained: Trained,
    *,
    iw_k: int = 1000,
    samples: int | None = None,
    seed: int = 0,
    with_inception: bool = False,
) -> dict[str, Any]:
    """The scores of a trained model, by its family; raises ``data.DataError`` when the images cannot be had.

    ``samples``: so many generated images, and so many test images at most; by default 10,000, and all. ``iw_k`` is for
    the VAE. ``with_inception``: compare images by its features, not by those of the pretrained classifier; raises
    ``features.FeatureError`` when its weights cannot be had. A family has scores of its own in the module of its name in
    ``metrics.scores``.
    """
    request = Request(samples, seed, iw_k)
    scores: dict[str, Any] = {"family": trained.config.family, "dataset": trained.config.dataset, "seed": seed}
    if trained.family.generates:
        scores |= images.score(trained, request.generated, seed, with_inception)
    own = f"{images.__package__}.{trained.config.family}"
    if find_spec(own):
        scores |= import_module(own).score(trained, request)
    return scores


def main(arguments: list[str] | None = None, prog: str = "python -m genmodels.metrics.evaluate") -> None:
    """Print the scores of the model that the command line names."""
    parser = Parser(prog=prog, description="Score a trained model.")
    parser.add_argument(
        "model", metavar="RUN_OR_CHECKPOINT", help="a run's id, or a pretrained checkpoint's name or folder"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--iw-k", type=int, default=1000, help="draws behind iw_nll [default 1000]")
    parser.add_argument(
        "--samples", type=int, help="so many test images, or generated ones, only [default: all, or 10,000]"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--inception", action="store_true", help="compare images by Inception's features, fetched at first use"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps [default auto]")
    with one_line(prog):
        options = parser.parse_args(arguments)
        if options.iw_k < 1 or (options.samples is not None and options.samples < 1):
            parser.error("--iw-k and --samples must be at least 1.")
        trained = load_model(options.model)
        trained.family.to(named(options.device))
        scores = evaluate(
            trained, iw_k=options.iw_k, samples=options.samples, seed=options.seed, with_inception=options.inception
        )
    print(json.dumps(scores) if options.json else _table(scores))


def _table(scores: dict[str, Any]) -> str:
    width = max(map(len, scores))
    return os.linesep.join(
        f"{name:{width}}  {value:.4f}" if isinstance(value, float) else f"{name:{width}}  {value}"
        for name, value in scores.items()
    )


if __name__ == "__main__":
    main()
