"""Part 4: flow matching and diffusion."""

from genmodels.config.families import FlowConfig
from genmodels.ui.flow.completion import completion
from genmodels.ui.flow.interpolation import interpolation
from genmodels.ui.flow.prediction import prediction
from genmodels.ui.flow.sampling import sampling
from genmodels.ui.flow.toys import toys
from genmodels.ui.flow.vs_vae_and_gan import compare
from genmodels.ui.models.model_picker import choose, for_model
from genmodels.ui.shell.explanation import explanation
from genmodels.ui.shell.navigation import begin
from genmodels.ui.shell.tabs import tabs
from genmodels.ui.training.timelapse import timelapse
from genmodels.ui.training.workbench import workbench

with begin(FlowConfig.page.title):
    entry = choose("flow")
    explanation("flow")
tabs(
    {
        "Train": lambda: workbench(FlowConfig, entry),
        "See the flow": toys,
        "Sample": for_model(entry, sampling),
        "What it predicts": for_model(entry, prediction),
        "Complete the picture": for_model(entry, completion),
        "Interpolate": for_model(entry, interpolation),
        "VAE, GAN, flow": for_model(entry, compare),
        "Film": for_model(entry, timelapse),
    }
)
