"""Prepared experiments with a flow in pixels, on the embedded digits; the bounds hold with other seeds, too."""

from genmodels.config.experiments.experiment import Experiment, Sign

SMALL = {"width": 12, "batch_size": 32, "ema_decay": 0.99, "learning_rate": 2e-3, "epochs": 3}
FID = ("score/fid", "FID of 256 samples")
DIVERSITY = ("score/diversity", "Diversity, real images have 1")
CONFIDENT = ("score/confident_share", "Samples classified with p > 0.9")
EXPLAINED = ("test/explained", "Variance explained, test images")

EXPERIMENTS = (
    Experiment(
        "ten-steps",
        "Noise becomes digits in ten steps",
        "A small network learns the velocity from noise to images, and every sample takes ten steps along it. The **samples** turn from "
        "grey to strokes within an epoch, long before the **loss** has stopped falling.",
        changed={},
        beside=SMALL,
        signs=(Sign(*FID, measured=648, most=1000), Sign(*DIVERSITY, measured=0.960, least=0.85)),
        seconds=79,
        against="one-step",
    ),
    Experiment(
        "one-step",
        "All the way in one step",
        "The same training, but each sample takes a single straight step with the velocity at its noise. That velocity points to the mean of "
        "all images that the noise may lead to, so the **samples** are blurred and alike: the **FID** is high and **diversity** low, though "
        "the **loss** is the same.",
        changed={"sampler": "euler", "num_steps": 1},
        beside=SMALL,
        signs=(Sign(*FID, measured=1560, least=1100), Sign(*DIVERSITY, measured=0.600, most=0.75)),
        seconds=48,
        against="ten-steps",
    ),
    Experiment(
        "guidance",
        "Guidance: more of the class",
        "Each step follows the velocity without a class plus four times its difference from the velocity with one. More **samples are "
        "classified with p > 0.9** than without guidance, for twice the work a step.",
        changed={"guidance": 4.0},
        beside=SMALL,
        signs=(Sign(*CONFIDENT, measured=0.711, least=0.62), Sign(*FID, measured=506, most=800)),
        seconds=104,
        against="ten-steps",
    ),
    Experiment(
        "guidance-unlearned",
        "Guidance without label dropout",
        "The same guidance, but training left no label out, so the network never learned what to answer without a class. The difference that "
        "is followed four times is no direction of any class: fewer **samples are classified with p > 0.9**, and the **FID** is higher.",
        changed={"guidance": 4.0, "label_dropout": 0.0},
        beside=SMALL,
        signs=(Sign(*CONFIDENT, measured=0.605, most=0.78), Sign(*FID, measured=754, least=480)),
        seconds=118,
        against="guidance",
    ),
    Experiment(
        "rate-too-high",
        "A learning rate that is too high",
        "Steps 25 times as large as in the experiment beside it: the network settles on one answer, whatever it is shown. **Variance "
        "explained** hardly rises, the **samples** stay noise, and the alarm says since when.",
        changed={"learning_rate": 0.05},
        beside={"width": 12, "batch_size": 16, "ema_decay": 0.99, "epochs": 2},
        signs=(Sign(*EXPLAINED, measured=0.160, most=0.3), Sign(*FID, measured=3590, least=2000)),
        alarm="loss stuck",
        seconds=74,
        against="ten-steps",
    ),
    Experiment(
        "diffusion",
        "Denoising diffusion, beside flow matching",
        "The same network, but it learns to remove noise of every strength, as diffusion does, instead of a velocity on straight paths. "
        "After a training this short its **samples** are rougher in as many steps; compare **FID** and **variance explained**.",
        changed={"objective": "diffusion"},
        beside=SMALL,
        signs=(Sign(*FID, measured=794, most=1200), Sign(*EXPLAINED, measured=0.824, least=0.75)),
        seconds=78,
        against="ten-steps",
    ),
)
