"""A small form for tests of the store's commands: a number, and an answer that names a person."""

from collections.abc import Sequence

_ITEMS = """
[[items]]
id = "vas"
label = "Pain"
type = "integer"

[[items]]
id = "note"
label = "Note"
type = "text"
identifier = true
"""


def pain_form(visits: Sequence[str] = ()) -> str:
    """The file of the form, with these visits or with none."""
    at = f"visits = [{', '.join(map(repr, visits))}]\n" if visits else ""
    head = '[form]\nid = "pain"\ntitle = "Pain"\nkind = "assessment"\nexpected = "as_needed"\n'
    return f"{head}{at}{_ITEMS}"
