"""What a trained model is worth, one file a kind of model."""
