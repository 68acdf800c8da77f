"""Tidy frames taken apart: columns, groups, and sizes that arithmetic can bear."""
