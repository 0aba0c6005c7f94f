"""Part 3: what the InfoGAN adds."""
