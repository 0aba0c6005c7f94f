"""What is done to a curve before it is drawn: smoothed, so that a trend shows, and thinned, so that it stays small."""

import numpy as np
import pandas as pd


def smooth(values: pd.Series, weight: float) -> pd.Series:
    """The exponential moving average of ``values``, of the same length, as TensorBoard's: debiased, so that it starts at the
    first value and not near 0.

    weight: from 0, which changes nothing, to below 1: how much of the average so far stays at each point. A value that is
    not finite stays as it is and counts for nothing.
    """
    finite = values.where(np.isfinite(values))
    return finite.ewm(alpha=1 - weight, ignore_na=True).mean().where(finite.notna(), values)


def thin(values: np.ndarray, limit: int) -> np.ndarray:
    """The indices, ascending and about ``limit`` of them, that keep the outline of a long curve.

    Cut into equal runs, each gives its lowest and its highest point and its first gap; the first and the last point stay
    too. A mean or a stride would hide the spikes and the NaNs that one looks at a loss curve for.
    """
    if len(values) <= limit:
        return np.arange(len(values))
    finite = np.isfinite(values)
    kept = {0, len(values) - 1}
    for run in np.array_split(np.arange(len(values)), limit // 2 - 1):
        good, gaps = run[finite[run]], run[~finite[run]]
        if len(good):
            kept |= {int(good[values[good].argmin()]), int(good[values[good].argmax()])}
        kept |= {int(i) for i in gaps[:1]}
    return np.array(sorted(kept))
