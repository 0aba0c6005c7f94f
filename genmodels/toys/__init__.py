"""Flow matching, diffusion and a GAN on distributions of the plane, small enough that one sees all of their training."""
