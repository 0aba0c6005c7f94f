"""Prepared experiments with a conditional GAN, on the embedded digits; the bounds hold with other seeds, too."""

from genmodels.config.experiments.experiment import Experiment, Sign

TWO = {"width": 16, "latent_dim": 32, "batch_size": 32, "ema_decay": 0.99, "learning_rate": 1e-3, "epochs": 2}
DIVERSITY = ("score/diversity", "Diversity, real images have 1")
VARIANTS = ("score/variants", "Distance to the next sample, real images have 1")

EXPERIMENTS = (
    Experiment(
        "completions-alike",
        "Mode collapse of completions",
        "A digit is completed from a part of it, and nothing asks for two completions to differ: the generator hardly heeds its noise. "
        "In **Completions** the six columns of a row are nearly one picture, and **diversity** stays below that of real images.",
        changed={"condition": "picture", "diversity_weight": 0.0},
        beside=TWO,
        signs=(Sign(*DIVERSITY, measured=0.799, most=0.9), Sign(*VARIANTS, measured=0.803, most=0.95)),
        seconds=50,
        against="completions-differ",
    ),
    Experiment(
        "completions-differ",
        "Mode collapse of completions, cured",
        "The same with the default weight on the difference between two completions of one picture: the six columns differ, and "
        "**diversity** is near that of real images.",
        changed={"condition": "picture"},
        beside=TWO,
        signs=(Sign(*DIVERSITY, measured=0.986, least=0.9), Sign(*VARIANTS, measured=1.086, least=0.95)),
        seconds=49,
        against="completions-alike",
    ),
)
