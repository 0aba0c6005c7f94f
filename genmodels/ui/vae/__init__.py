"""Part 1: the VAE's own views."""
