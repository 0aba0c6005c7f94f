"""Prepared experiments with a VAE, on the embedded digits; the bounds hold with other seeds, too."""

from genmodels.config.experiments.experiment import Experiment, Sign

SMALL = {"width": 8, "hidden": 64, "learning_rate": 3e-3}
TEN = {**SMALL, "epochs": 10, "check_every": 5.0}
KL, UNITS = ("test/kl", "KL divergence, test (nats)"), ("test/active_units", "Active units, test")
TRAIN, TEST = ("train/neg_elbo", "Negative ELBO, train (nats)"), ("test/neg_elbo", "Negative ELBO, test (nats)")

EXPERIMENTS = (
    Experiment(
        "posterior-collapse",
        "Posterior collapse",
        "With a large weight on the KL term it pays to say nothing: $q(z|x)$ becomes the prior, the **KL divergence** falls to 0, no "
        "unit stays active, and the decoder, which is told nothing, draws the same mean image for every code.",
        changed={"beta": 20.0},
        beside=TEN,
        signs=(Sign(*KL, measured=0.0174, most=0.1), Sign(*UNITS, measured=0, most=1)),
        alarm="posterior collapse",
        seconds=22,
        against="kl-annealing",
    ),
    Experiment(
        "kl-annealing",
        "KL annealing against the collapse",
        "The same weight, but it rises from 0 in the course of six epochs. The encoder has learnt to use the code by the time that "
        "it costs, so some **active units** remain. At this weight each nat is still dear: samples stay alike, as the alarm says.",
        changed={"beta": 20.0, "warmup_epochs": 6.0},
        beside=TEN,
        signs=(Sign(*KL, measured=0.307, least=0.15), Sign(*UNITS, measured=5, least=3)),
        alarm="samples alike",
        seconds=22,
        against="posterior-collapse",
    ),
    Experiment(
        "too-little-data",
        "Too little data",
        "200 digits are learnt by heart: the **negative ELBO** falls further on them than on test images, where it soon levels off. The "
        "gap between the solid and the dashed line is the overfitting; the same number of steps on 4,000 digits leaves hardly any.",
        changed={"train_images": 200},
        beside={**SMALL, "epochs": 80, "batch_size": 20, "check_every": 20.0},
        signs=(Sign(*TRAIN, measured=123.1, most=130), Sign(*TEST, measured=147.8, least=142)),
        seconds=38,
        against="enough-data",
    ),
    Experiment(
        "enough-data",
        "Enough data",
        "As many steps as with 200 digits, on 4,000: the two lines of the **negative ELBO** stay together, and the one of the test "
        "images ends lower.",
        changed={},
        beside={**SMALL, "epochs": 4, "batch_size": 20, "check_every": 2.0},
        signs=(Sign(*TRAIN, measured=131.7, least=130), Sign(*TEST, measured=134.8, most=138)),
        seconds=53,
        against="too-little-data",
    ),
)
