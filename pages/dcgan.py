"""Part 2: the DCGAN and the GAN objectives."""

from genmodels.config.families import DCGANConfig
from genmodels.language import N_
from genmodels.ui.gan.compare_objectives import compare
from genmodels.ui.gan.latent_space import noise_space
from genmodels.ui.gan.objectives import objectives
from genmodels.ui.models.model_picker import choose, for_model
from genmodels.ui.network.inside import inside
from genmodels.ui.shell.explanation import explanation
from genmodels.ui.shell.navigation import begin
from genmodels.ui.shell.tabs import tabs
from genmodels.ui.training.experiments import experiments_button
from genmodels.ui.training.timelapse import timelapse
from genmodels.ui.training.workbench import workbench

with begin(DCGANConfig.page.title):
    entry = choose("dcgan")
    experiments_button("dcgan")
    explanation("dcgan")
tabs(
    {
        N_("Train"): lambda: workbench(DCGANConfig, entry),
        N_("Compare objectives"): compare,
        N_("Latent space"): for_model(entry, noise_space),
        N_("Inside the network"): for_model(entry, inside),
        N_("Film"): for_model(entry, timelapse),
        N_("The objectives"): objectives,
    }
)
