"""What a mark, a lock or a signature is about: an answer, a form, a visit, a participant, a site, all."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.log.kept_json import kept_object

PLACE = ("subject_id", "visit", "repeat", "form", "item")
"""What a reach can name of an event."""


class Level(StrEnum):
    """How much a reach covers."""

    ITEM = "item"
    FORM = "form"
    VISIT = "visit"
    SUBJECT = "subject"
    SITE = "site"
    DATABASE = "database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Everything that agrees with what is named here; what is not named may be anything.

    A form without a participant is that form of all of them; a reach that names nothing is the
    database.
    """

    subject_id: str = ""
    visit: str = ""
    repeat: str = ""
    form: str = ""
    item: str = ""
    site: str = ""
    subjects: tuple[str, ...] = ()
    """The participants of ``site`` at the moment in which it was meant."""

    def __post_init__(self) -> None:
        if (self.item or self.repeat) and not self.form:
            raise EvidenceError("an answer, and a number of a form, need the form; name it too")
        if self.site and any(getattr(self, name) for name in PLACE):
            raise EvidenceError(
                "a site is named alone, since it covers all that its participants have; leave "
                "participant, visit and form away"
            )

    @property
    def level(self) -> Level:
        """The narrowest thing that is named."""
        if self.item:
            return Level.ITEM
        if self.form:
            return Level.FORM
        if self.visit:
            return Level.VISIT
        if self.subject_id:
            return Level.SUBJECT
        return Level.SITE if self.site else Level.DATABASE

    @property
    def place(self) -> dict[str, str]:
        """What an event about it names in its columns."""
        return {name: getattr(self, name) for name in PLACE}

    @property
    def named(self) -> dict[str, str]:
        """The columns that have to agree."""
        return {name: value for name, value in self.place.items() if value}

    @property
    def of_whom(self) -> tuple[str, ...]:
        """The participants that it names; none where it is about all."""
        return (self.subject_id,) if self.subject_id else self.subjects

    @property
    def told(self) -> str:
        """In words: ``participant P1, visit week_0, form pain``."""
        words = {
            "subject_id": "participant", "visit": "visit", "form": "form", "repeat": "number",
            "item": "item",
        }  # fmt: skip
        said = [f"{word} {getattr(self, name)}" for name, word in words.items() if self.place[name]]
        return ", ".join(said) or (f"site {self.site}" if self.site else "the database")

    def of(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """Which rows of a table with these columns it covers; ``item`` only where the table has it."""
        asked = [table.c[name] == value for name, value in self.named.items() if name in table.c]
        if self.site:
            asked.append(table.c.subject_id.in_(self.subjects))
        return sa.and_(sa.true(), *asked)

    def covers(self, place: Mapping[str, object]) -> bool:
        """Whether something with this place, whose item may be lacking, is within it."""
        agrees = all(place.get(name, value) == value for name, value in self.named.items())
        return agrees and (not self.site or place["subject_id"] in self.subjects)


def reach_of(place: Mapping[Any, Any], details: str) -> Reach:
    """The reach of an event that has one: from its columns, and the site from its details."""
    kept = kept_object(details, of="the details of an event")
    subjects = kept.get("subjects", [])
    return Reach(
        **{name: str(place[name]) for name in PLACE},
        site=str(kept.get("site", "")),
        subjects=tuple(map(str, subjects)) if isinstance(subjects, list) else (),
    )
