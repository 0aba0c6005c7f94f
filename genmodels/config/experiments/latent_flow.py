"""Prepared experiments with a flow on the codes of the pretrained VAE, on the embedded digits; the bounds hold with other seeds, too."""

from genmodels.config.experiments.experiment import Experiment, Sign

SHORT = {"epochs": 20, "batch_size": 128, "ema_decay": 0.99, "learning_rate": 2e-3}
FID = ("score/fid", "FID of 256 samples")
EXPLAINED = ("test/explained", "Variance explained, test images")

EXPERIMENTS = (
    Experiment(
        "good-samples-of-a-vae",
        "A VAE draws well after all",
        "Codes drawn from N(0, I) give this VAE samples of FID 202: it never saw most of such codes. A flow of a minute learns where its "
        "codes really lie, and the same decoder draws **samples** of a far lower **FID**.",
        changed={},
        beside=SHORT,
        signs=(Sign(*FID, measured=40.9, most=80), Sign(*EXPLAINED, measured=0.185, least=0.15)),
        seconds=63,
        against="codes-without-labels",
    ),
    Experiment(
        "codes-without-labels",
        "The same without labels",
        "The flow is not conditioned on the class. It has to lead every noise to one of ten islands of codes by itself, and what ends between two of "
        "them is decoded to no digit: the **FID** is nearly that of N(0, I).",
        changed={"label_dropout": 1.0},
        beside=SHORT,
        signs=(Sign(*FID, measured=167, least=100), Sign(*EXPLAINED, measured=0.131, most=0.16)),
        seconds=59,
        against="good-samples-of-a-vae",
    ),
    Experiment(
        "codes-in-one-step",
        "All the way to a code in one step",
        "One straight step leads to the mean of all codes of a class that the noise may lead to. Such **samples** are clean, and alike: "
        "nearly all are classified with p > 0.9, and the **FID** tells that they cover little.",
        changed={"sampler": "euler", "num_steps": 1},
        beside=SHORT,
        signs=(
            Sign(*FID, measured=157, least=100),
            Sign("score/variants", "Distance to the next sample, real images have 1", measured=0.507, most=0.7),
        ),
        seconds=57,
        against="good-samples-of-a-vae",
    ),
    Experiment(
        "codes-by-heart",
        "Codes that are learned by heart",
        "200 digits, a hundred times over. The **FID** is as good as that of a flow that has seen 4,000, but it has learned where these codes "
        "lie: the **variance explained** of test images is less than half as much. Under *Sample*, *Is it copying?* shows the training "
        "image that is most like each sample.",
        changed={"train_images": 200},
        beside={
            "epochs": 100,
            "batch_size": 20,
            "ema_decay": 0.99,
            "learning_rate": 2e-3,
            "check_every": 50.0,
            "preview_every": 50.0,
        },
        signs=(Sign(*EXPLAINED, measured=0.0812, most=0.12), Sign(*FID, measured=41.5, most=80)),
        seconds=80,
        against="good-samples-of-a-vae",
    ),
)
