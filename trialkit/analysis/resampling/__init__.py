"""Inference by resampling: bootstrap and re-randomisation."""
