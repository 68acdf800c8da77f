"""Analysis of variance with repeated measurements, and sphericity."""
