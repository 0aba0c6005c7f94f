"""Weights on disk, whole or not there; the pretrained models; the test images that a run keeps."""
