"""Codes: what encoders make of images, their maps, clusters and meanings."""
