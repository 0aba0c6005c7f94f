"""Part 3: what the conditional GAN adds."""
