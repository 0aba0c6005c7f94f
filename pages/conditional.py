"""Part 3: the conditional GAN and InfoGAN."""

from genmodels.config.families import CGANConfig, InfoGANConfig, families_of
from genmodels.language import N_
from genmodels.ui.conditional.classes import classes
from genmodels.ui.conditional.inpainting import completion
from genmodels.ui.conditional.label_fidelity import fidelity
from genmodels.ui.infogan.codes import codes, meanings
from genmodels.ui.models.family_switch import which_family
from genmodels.ui.models.model_picker import choose, for_model
from genmodels.ui.network.inside import inside
from genmodels.ui.shell.explanation import explanation
from genmodels.ui.shell.navigation import begin
from genmodels.ui.shell.tabs import tabs
from genmodels.ui.training.experiments import experiments_button
from genmodels.ui.training.timelapse import timelapse
from genmodels.ui.training.workbench import workbench

with begin(CGANConfig.page.title):
    family = which_family(families_of(CGANConfig.page))
    entry = choose(family)
    experiments_button(family)
    explanation("conditional")
if family == "cgan":
    parts = {
        N_("Train"): lambda: workbench(CGANConfig, entry),
        N_("Classes"): for_model(entry, classes),
        N_("Complete the picture"): for_model(entry, completion),
        N_("Label fidelity"): for_model(entry, fidelity),
    }
else:
    parts = {
        N_("Train"): lambda: workbench(InfoGANConfig, entry),
        N_("Codes"): for_model(entry, codes),
        N_("What the codes mean"): for_model(entry, meanings),
    }
tabs(parts | {N_("Inside the network"): for_model(entry, inside), N_("Film"): for_model(entry, timelapse)})
