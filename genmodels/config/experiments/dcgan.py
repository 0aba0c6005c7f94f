"""Prepared experiments with a DCGAN, on the embedded digits; the bounds hold with other seeds, too."""

from genmodels.config.experiments.experiment import Experiment, Sign

SMALL = {"width": 16, "latent_dim": 32, "batch_size": 32, "ema_decay": 0.99, "learning_rate": 1e-3}
FOUR = {**SMALL, "epochs": 4}
FID = ("score/fid", "FID of 256 samples")
CLASSES = ("score/classes_covered", "Classes among the samples")
ESTIMATE = ("train/distance", "Wasserstein estimate")
D_LOSS, D_FAKE = ("train/d_loss", "Discriminator's loss"), ("train/d_fake", "D(G(z)), fake images")
G_GRADIENT = ("train/g_gradient", "Generator's gradient norm")

EXPERIMENTS = (
    Experiment(
        "mode-collapse",
        "Mode collapse",
        "The generator is given one number as its noise: all that it can draw lies on one curve through the space of images, and it "
        "settles on a few kinds of them. Watch the **samples**, and the number of **classes** among them.",
        changed={"latent_dim": 1},
        beside=FOUR,
        signs=(Sign(*CLASSES, measured=1, most=5), Sign(*FID, measured=1464, least=1200)),
        alarm="collapse",
        seconds=55,
        against="mode-collapse-cured",
    ),
    Experiment(
        "mode-collapse-cured",
        "Mode collapse, cured",
        "The same networks and steps with 32 numbers as noise: all **classes** appear.",
        changed={},
        beside=FOUR,
        signs=(
            Sign(*CLASSES, measured=9, least=8),
            Sign(*FID, measured=726, most=1000),
        ),
        seconds=73,
        against="mode-collapse",
    ),
    Experiment(
        "discriminator-wins",
        "A discriminator that wins",
        "The generator's steps are a hundredth of the discriminator's. **D(x)** goes to 1 and **D(G(z))** to 0 within an epoch, the "
        "discriminator's loss to 0, and from then on every sample is as wrong as any other.",
        changed={"generator_rate": 0.01},
        beside={**SMALL, "epochs": 3},
        signs=(
            Sign(*D_LOSS, measured=0.0001, most=0.05),
            Sign(*D_FAKE, measured=0.0001, most=0.05),
            Sign(*G_GRADIENT, measured=68.6, least=5),
        ),
        alarm="discriminator dominates",
        seconds=45,
        against="minimax-saturates",
    ),
    Experiment(
        "minimax-saturates",
        "Minimax that saturates",
        "The same lost game on the minimax loss: where D is sure that an image is fake, $\\log(1 - D)$ is flat, so the **generator's "
        "gradient norm** falls to nearly 0. On the non-saturating loss it is largest just then.",
        changed={"objective": "minimax", "generator_rate": 0.01},
        beside={**SMALL, "epochs": 3},
        signs=(Sign(*D_LOSS, measured=0.0001, most=0.05), Sign(*G_GRADIENT, measured=0.0017, most=0.1)),
        alarm="discriminator dominates",
        seconds=47,
        against="discriminator-wins",
    ),
    Experiment(
        "instance-noise",
        "Instance noise, and none",
        "Noise on all that the discriminator sees makes real and fake images overlap, so that it cannot be sure. Beside the cured game, "
        "which has none: its **loss** stays nearer to 1.39, where it can tell nothing apart, and the **generator's gradient** is calmer.",
        changed={"instance_noise": 0.5},
        beside=FOUR,
        signs=(Sign(*D_LOSS, measured=1.25, least=1.05), Sign(*G_GRADIENT, measured=3.31, most=5)),
        seconds=57,
        against="mode-collapse-cured",
    ),
    Experiment(
        "pooling",
        "Pooling against strided convolution",
        "The DCGAN paper replaces pooling by strided convolutions. Here the discriminator halves the resolution by max pooling; all "
        "else is as in the cured game. Compare the **FID** and the **samples**: with networks this small the rule is no law.",
        changed={"downsampling": "max pooling"},
        beside=FOUR,
        signs=(Sign(*CLASSES, measured=10, least=8), Sign(*FID, measured=561, most=1000)),
        seconds=77,
        against="mode-collapse-cured",
    ),
    Experiment(
        "clip-too-wide",
        "A clip that is too wide",
        "The critic's weights may be as large as 1, a hundred times the usual bound, so nothing keeps it from being steep: the "
        "**estimate** is no distance any more, and the **generator's gradient** explodes. Compare both on a bound of 0.01.",
        changed={"objective": "wasserstein-clip", "clip": 1.0},
        beside={**FOUR, "n_critic": 2},
        signs=(Sign(*ESTIMATE, measured=33.4, least=5), Sign(*G_GRADIENT, measured=181, least=10)),
        seconds=40,
        against="clip-narrow",
    ),
    Experiment(
        "clip-narrow",
        "A clip that keeps the critic flat",
        "The bound of the paper, 0.01: the **estimate** is small and smooth, and so is the **generator's gradient**, which RMSprop "
        "scales up again.",
        changed={"objective": "wasserstein-clip"},
        beside={**FOUR, "n_critic": 2},
        signs=(Sign(*ESTIMATE, measured=0.0021, most=0.5), Sign(*G_GRADIENT, measured=0.0281, most=1)),
        seconds=51,
        against="clip-too-wide",
    ),
)
