"""Deep generative models that one can watch while they learn."""
