"""Versions of the forms: what one changes of another, and what becomes of data entered by the older."""
