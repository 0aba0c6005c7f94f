"""Part 4: flow matching and diffusion, in pixels and in the latent space of a VAE."""

from genmodels.config.families import FlowConfig, LatentFlowConfig, families_of
from genmodels.language import N_
from genmodels.ui.flow.codes import codes
from genmodels.ui.flow.completion import completion
from genmodels.ui.flow.inside import inside
from genmodels.ui.flow.interpolation import interpolation
from genmodels.ui.flow.prediction import prediction
from genmodels.ui.flow.sampling import sampling
from genmodels.ui.flow.toys import toys
from genmodels.ui.flow.vs_vae_and_gan import compare
from genmodels.ui.models.family_switch import which_family
from genmodels.ui.models.model_picker import choose, for_model
from genmodels.ui.shell.explanation import explanation
from genmodels.ui.shell.navigation import begin
from genmodels.ui.shell.tabs import tabs
from genmodels.ui.training.experiments import experiments_button
from genmodels.ui.training.timelapse import timelapse
from genmodels.ui.training.workbench import workbench

with begin(FlowConfig.page.title):
    family = which_family(families_of(FlowConfig.page))
    entry = choose(family)
    experiments_button(family)
    if family == "flow":
        explanation("flow")
    else:
        explanation("latent-flow")
if family == "flow":
    parts = {
        N_("Train"): lambda: workbench(FlowConfig, entry),
        N_("See the flow"): toys,
        N_("Sample"): for_model(entry, sampling),
        N_("What it predicts"): for_model(entry, prediction),
        N_("Inside the network"): for_model(entry, inside),
        N_("Complete the picture"): for_model(entry, completion),
        N_("Interpolate"): for_model(entry, interpolation),
        N_("VAE, GAN, flow"): for_model(entry, compare),
    }
else:
    parts = {
        N_("Train"): lambda: workbench(LatentFlowConfig, entry),
        N_("Where codes come from"): for_model(entry, codes),
        N_("Sample"): for_model(entry, sampling),
        N_("Inside the network"): for_model(entry, inside),
        N_("Interpolate"): for_model(entry, interpolation),
    }
tabs(parts | {N_("Film"): for_model(entry, timelapse)})
