"""Some of the codes of a model, to be taken away: a table of numbers, and the images."""

import io
import re
import zipfile

import numpy as np
import pandas as pd
from PIL import Image

from genmodels.latent.codes import Codes


def codes_table(codes: Codes, clusters: np.ndarray, picked: np.ndarray) -> pd.DataFrame:
    """A row for each of the indices ``picked`` (M,): image, label if there are any, cluster, reconstruction error in nats, and
    the code. clusters: (N,)."""
    columns: dict[str, np.ndarray] = {"image": picked}
    if codes.labels is not None:
        columns["label"] = np.array(codes.classes, dtype=object)[codes.labels[picked]]
    columns |= {"cluster": clusters[picked], "reconstruction_error": codes.errors[picked]}
    return pd.DataFrame(columns | {f"z{d}": codes.mu[picked, d] for d in range(codes.mu.shape[1])})


def images_zip(codes: Codes, picked: np.ndarray) -> bytes:
    """The images of the indices ``picked`` (M,) as PNG files, named by index and label."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:  # PNG files are compressed already
        for index in picked:
            label = "" if codes.labels is None else codes.classes[codes.labels[index]]
            named = re.sub(r"[^\w-]+", "-", f"{index:05d} {label}".strip())
            file.writestr(f"{named}.png", _png(codes.images[index]))
    return buffer.getvalue()


def _png(image: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    pixels = image[0] if len(image) == 1 else image.transpose(1, 2, 0)
    Image.fromarray(pixels).save(buffer, format="png")
    return buffer.getvalue()
