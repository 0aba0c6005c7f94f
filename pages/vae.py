"""Part 1: the variational autoencoder."""

from genmodels.config.families import VAEConfig
from genmodels.language import N_
from genmodels.ui.models.model_picker import choose, for_model
from genmodels.ui.network.inside import inside
from genmodels.ui.shell.explanation import explanation
from genmodels.ui.shell.navigation import begin
from genmodels.ui.shell.tabs import tabs
from genmodels.ui.training.experiments import experiments_button
from genmodels.ui.training.workbench import workbench
from genmodels.ui.vae.decoder import decoder
from genmodels.ui.vae.latent_space import explorer
from genmodels.ui.vae.vs_gan import compare

with begin(VAEConfig.page.title):
    entry = choose("vae")
    experiments_button("vae")
    explanation("vae")
tabs(
    {
        N_("Train"): lambda: workbench(VAEConfig, entry),
        N_("Latent space"): for_model(entry, explorer),
        N_("Decoder"): for_model(entry, decoder),
        N_("Inside the network"): for_model(entry, inside),
        N_("VAE vs. GAN"): for_model(entry, compare),
    }
)
