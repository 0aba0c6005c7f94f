"""Part 4: flow matching and diffusion."""
