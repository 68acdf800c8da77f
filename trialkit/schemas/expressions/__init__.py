"""Expressions in any of the languages that trials are written in, read into one kind of tree."""
