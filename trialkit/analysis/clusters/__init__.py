"""Trials that randomise clusters: classes, clinics, practices."""
