"""Part 2: views of any GAN."""
