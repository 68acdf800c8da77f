"""Checklists of reporting guidelines, what answers their rows, and the author's statements."""
