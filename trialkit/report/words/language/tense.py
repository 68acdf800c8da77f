"""When what a document tells happens: a plan tells it before, a report after."""

from enum import StrEnum


class Tense(StrEnum):
    """Whether something is still to be done."""

    PLANNED = "planned"
    DONE = "done"
