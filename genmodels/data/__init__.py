"""Images: every data set as one uint8 tensor, and what is done to images before a network sees them."""
