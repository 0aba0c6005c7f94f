"""From noise to data: numerical solutions of dx/dt = v(x, t) from t = 0 on, whatever the velocity v comes from."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import sqrt

import torch
from torch import Tensor

Field = Callable[[Tensor, Tensor], Tensor]  # x (B, ...) and t (B,) -> the velocity there, (B, ...)
Keep = Callable[[Tensor, float], Tensor]  # x (B, ...) at a time -> x, with what is known put in its place
Fresh = Callable[[Tensor], Tensor]  # standard normal numbers of the shape of a tensor

CHURN, MOST_CHURN = 5.0, sqrt(2) - 1  # S_churn and the most that it raises sigma by (Karras et al. 2022, algorithm 2)
LOUDEST, FAINTEST = 50.0, 0.05  # sigma between which there is churn (table 5)


def evaluations(sampler: str, num_steps: int) -> int:
    """How often ``solve`` asks for the velocity: once a step, or twice but for the last one."""
    return num_steps if sampler == "euler" else 2 * num_steps - 1


def solve(
    field: Field, noise: Tensor, times: Sequence[float], sampler: str, fresh: Fresh, keep: Keep = lambda x, t: x
) -> Iterator[Tensor]:
    """x at each of the ``times``, from ``noise`` (B, ...) on; the last is data.

    sampler: "euler", x + h v; "heun", x + h (v + v') / 2 with v' at the end of the Euler step, but for the last step, a plain one
    (Karras et al. 2022, algorithm 1); "stochastic", the same with ``fresh`` noise before each step (algorithm 2). keep: what is
    done to x after each.
    """
    x = (1 - times[0]) * noise  # as far as there is any data at the first of the times, it is 0 on average
    yield x
    for index, (t, then) in enumerate(pairwise(times)):
        if sampler == "stochastic" and index:
            x, t = _churned(x, t, len(times) - 1, fresh)
        velocity = field(x, _filled(x, t))
        if sampler != "euler" and then < 1:
            ahead = x + (then - t) * velocity
            velocity = (velocity + field(ahead, _filled(x, then))) / 2
        x = keep(x + (then - t) * velocity, then)
        yield x


def _filled(x: Tensor, t: float) -> Tensor:
    return torch.full((x.shape[0],), t, device=x.device)


def _churned(x: Tensor, t: float, num_steps: int, fresh: Fresh) -> tuple[Tensor, float]:
    """A little further back towards noise: x_t / t has noise of sigma = (1 - t) / t, which is raised."""
    sigma = (1 - t) / t
    if not FAINTEST <= sigma <= LOUDEST:
        return x, t
    raised = sigma * (1 + min(CHURN / num_steps, MOST_CHURN))
    back = 1 / (1 + raised)
    return back * (x / t + sqrt(raised**2 - sigma**2) * fresh(x)), back
