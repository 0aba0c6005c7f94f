"""Flow matching and diffusion in pixels: a U-Net leads noise to images, which are in [-1, 1] to it."""

from collections import deque

import torch
from torch import Tensor

from genmodels.config.families.flow import FlowConfig
from genmodels.data.noise import Noise
from genmodels.data.pixels import from_drawn, to_symmetric
from genmodels.models.flow_objectives import endpoints
from genmodels.models.labels import as_noise, must_have_shape
from genmodels.models.transport import Transport, told_classes
from genmodels.models.unet import UNet


class Flow(Transport):
    """See ``Transport``; the one network is called ``unet``, and the noise z has the shape of the images."""

    config: FlowConfig

    def __init__(self, config: FlowConfig, num_classes: int) -> None:
        told = told_classes(config, num_classes)
        unet = UNet(config.channels, config.image_size, config.width, config.blocks, told)
        super().__init__(config, "unet", unet, (config.channels, config.image_size, config.image_size), told)

    def data(self, images: Tensor, noise: Noise) -> Tensor:
        return to_symmetric(images)

    def images(self, x: Tensor) -> Tensor:
        """See ``Transport``; what lies outside [-1, 1] is clipped."""
        return from_drawn(x.clamp(-1, 1))

    def complete(self, images: Tensor, hidden: Tensor, z: Tensor) -> Tensor:
        """Whole images (B, C, H, W) in [0, 1], from uint8 images (B, C, H, W) of which a part (B, 1, H, W) is hidden, where it is 1.

        After each step what is shown is put back on its own path from the noise z (B, C, H, W), which it has not to be trained for
        (Lugmayr et al. 2022, arXiv:2201.09865, without their resampling).
        """
        n, _, height, width = self.of_size(images).shape
        must_have_shape(hidden, n, 1, height, width)
        z = as_noise(z, *images.shape, device=self.device)
        data, none = to_symmetric(images), self.no_class(len(images))

        def keep(x: Tensor, t: float) -> Tensor:
            return torch.where(hidden > 0, x, (1 - t) * z + t * data)

        return self.images(deque(self.way(z, none, guidance=1.0, keep=keep), maxlen=1).pop())

    def predict(self, x: Tensor, t: Tensor, labels: Tensor, guidance: float = 1.0) -> dict[str, Tensor]:
        """What the network makes of x_t (B, C, H, W) in [-1, 1]: the "velocity", and the "image" and the "noise" that it points to."""
        velocity = self.velocity(x, t, labels, guidance)
        image, noise = endpoints(x, velocity, t)
        return {"velocity": velocity, "image": image, "noise": noise}

    # As a program of its own, which gives the velocity: a script takes the steps

    def inputs(self) -> dict[str, str]:
        channels, side, _ = self.shape
        given = {"z": f"torch.randn(N, {channels}, {side}, {side})", "t": "torch.zeros(N)"}
        return given | ({"labels": f"torch.arange(N) % {self.num_classes}"} if self.num_classes else {})

    def draw(self, z: Tensor, **others: Tensor) -> Tensor:
        """The velocity (n, C, H, W) of z on its way from noise to image, at the times ``t`` (n,) from 0 to 1."""
        labels = others.get("labels")
        none = torch.zeros_like(others["t"], dtype=torch.int64)
        return self.velocity(z, others["t"], none if labels is None else labels)


def build(config: FlowConfig, num_classes: int) -> Flow:
    """The untrained flow of ``config``; without classes, or with all labels dropped, it is conditioned on nothing but time."""
    return Flow(config, num_classes)
