"""What a VAE lets one set, and the curves it draws."""

from typing import ClassVar, Literal

from genmodels.config.base import Curve, Page, RunConfig, option

Prior = Literal["normal", "mixture", "flow"]
PRIOR_GAIN = "prior_gain"  # the curve of a learned prior

ACTIVE_VARIANCE = (
    0.01  # of a latent dimension's mean over the data, for it to be in use (Burda et al. 2016, section 5.2)
)


class VAEConfig(RunConfig):
    """A convolutional variational autoencoder (Kingma & Welling 2014, arXiv:1312.6114)."""

    title: ClassVar[str] = "Variational autoencoder"
    acronym: ClassVar[str] = "VAE"
    curves: ClassVar[tuple[Curve, ...]] = (
        Curve(
            "neg_elbo",
            "negative ELBO",
            "Negative ELBO",
            "nats per image",
            "The bound on -log p(x) that is minimised: reconstruction plus KL. It should fall, then level off.",
        ),
        Curve(
            "recon",
            "reconstruction",
            "Reconstruction",
            "nats per image",
            "How badly the decoder explains the image from its code: -log p(x|z).",
        ),
        Curve(
            "kl",
            "KL divergence",
            "KL divergence",
            "nats per image",
            "How much information the code carries about the image. Near 0 means that the code is ignored.",
        ),
        Curve(
            "active_units",
            "active units",
            "Active units",
            "latent dimensions",
            f"Latent dimensions whose mean moves with the image (variance above {ACTIVE_VARIANCE}).",
        ),
        Curve(
            PRIOR_GAIN,
            "gain of the prior",
            "Gain of the prior",
            "nats per image",
            "What the learned prior takes off the KL beyond a normal distribution with the mean and spread that each dimension of the "
            "codes has: log p(z) minus the log-density of that one.",
        ),
    )

    pictures: ClassVar[dict[str, str]] = {
        "samples": "Samples: the decoder's images of 64 codes z drawn from the prior, always the same z.",
        "reconstructions": "Reconstructions: in each pair a test image, then what the decoder makes of its code.",
    }

    abilities: ClassVar[tuple[str, ...]] = (
        "Draw new images",
        "Draw an image in one step",
        "Find the code of an image",
        "Draw an image again from its code",
        "Bound how probable an image is",
    )
    page: ClassVar[Page] = Page(
        "vae",
        "Part 1: VAE",
        "Part 1: the variational autoencoder",
        ":material/compress:",
        "An encoder turns an image into a short code, a decoder turns a code into an image, and one number, the ELBO, trains "
        "both. On the page you find a trained model to look at, and a form to train your own: with its defaults, on the "
        "embedded 5,000 digits, you see digits take shape while you watch.",
    )

    family: Literal["vae"] = "vae"
    latent_dim: int = option(16, "Length of the code z.", "Model", "dimensions", title="Latent size", ge=1, le=512)
    width: int = option(
        32, "Channels of the first convolution; deeper ones have more.", "Model", "channels", ge=4, le=256
    )
    hidden: int = option(256, "Width of the fully connected layers around the code.", "Model", "units", ge=16, le=4096)
    blocks: int = option(0, "Residual blocks at the lowest resolution.", "Model", "blocks", ge=0, le=8)
    prior: Prior = option(
        "normal",
        "Where codes of new images are drawn from, p(z): N(0, I), or a density that is learned with the rest, a mixture of Gaussians or a "
        "flow (RealNVP), and hardly draws from the gaps between the codes.",
        "Model",
    )
    prior_components: int = option(
        200, "Gaussians in the mixture.", "Model", "components", title="Components", only_if=("prior", "mixture"),
        ge=1, le=2000,
    )  # fmt: skip
    prior_couplings: int = option(
        10, "Affine couplings of the flow, each of which moves half of the code by what the other half is.", "Model",
        "couplings", title="Couplings", only_if=("prior", "flow"), ge=2, le=64,
    )  # fmt: skip
    prior_width: int = option(
        128, "Numbers in each of a coupling's two hidden layers.", "Model", "units", title="Width of a coupling",
        only_if=("prior", "flow"), ge=4, le=2048,
    )  # fmt: skip
    kl_estimator: Literal["single-sample", "closed-form"] = option(
        "single-sample",
        "The KL term: log q(z|x) - log p(z) at the sampled z, or its exact value (less noisy); with a learned prior only E[log q(z|x)] is exact.",
        "Loss",
        title="KL estimator",
    )
    beta: float = option(1.0, "Weight of the KL term; 1 is the ELBO.", "Loss", title="Beta", ge=0, le=100)
    warmup_epochs: float = option(
        0.0, "The KL weight rises from 0 to beta over this time, so that the code is not ignored early on.",
        "Loss", "epochs", "KL warm-up", ge=0, le=1000,
    )  # fmt: skip
    binarize: bool = option(
        True,
        "Draw each pixel as 0 or 1 with its grey value as probability, anew at every look; test curves always do.",
        "Loss",
        title="Binarise the pixels",
    )
    code_history: Literal["auto", "on", "off"] = option(
        "auto",
        "Keep the codes of 1,000 test images at each preview, for the map through training; auto keeps them so seldom that it takes less "
        "than a hundredth of the time.",
        "Machine",
        title="Codes at previews",
    )

    def drawn(self) -> tuple[Curve, ...]:
        return tuple(curve for curve in super().drawn() if self.prior != "normal" or curve.name != PRIOR_GAIN)
