"""Prepared experiments with an InfoGAN, on the embedded digits; the bounds hold with other seeds, too."""

from genmodels.config.experiments.experiment import Experiment, Sign

THREE = {
    "width": 16, "latent_dim": 32, "hidden": 0, "batch_size": 32, "ema_decay": 0.99, "learning_rate": 1e-3, "epochs": 3,
}  # fmt: skip
BOUND = ("train/categorical_bound", "Information in the categorical code (nats)")

EXPERIMENTS = (
    Experiment(
        "codes-ignored",
        "Codes that mean nothing",
        "Without a weight on the information the generator may ignore its codes, and it does: the **lower bound** on what an image "
        "tells of its category stays at 0, and in **Codes** the rows do not differ.",
        changed={"info_weight": 0.0, "continuous_weight": 0.0},
        beside=THREE,
        signs=(Sign(*BOUND, measured=-0.154, most=0.3),),
        seconds=40,
        against="codes-heeded",
    ),
    Experiment(
        "codes-heeded",
        "Codes that show in the image",
        "The same with the default weights: the **lower bound** rises towards ln 10 = 2.30, all that there is to know of ten "
        "categories, long before the images are good ones.",
        changed={},
        beside=THREE,
        signs=(Sign(*BOUND, measured=2.236, least=1.5),),
        seconds=36,
        against="codes-ignored",
    ),
)
