"""``redcap.toml``: what a person has to say because no dictionary and no export says it.

Which visit an event is, what a form is for, which field gives the date of randomisation, and what a
missing data code means. Nothing of this is guessed; what is not decided is left open and listed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from trialkit.errors import Complaint, ProtocolError
from trialkit.protocol.tables.definitions import Complaints, load_toml, read_tables
from trialkit.schemas.forms.forms import Expected, FormKind, Purpose

Noun = TypeVar("Noun")
FILE = "redcap.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventVisit:
    """The visit of the protocol that an event of REDCap is."""

    event: str
    visit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDecision:
    """What a form is for; what is left out stays as the import makes it."""

    form: str
    title: str = ""
    kind: FormKind = FormKind.OTHER
    expected: Expected = Expected.AS_NEEDED
    visits: bool = False
    """Whether a form of a single event belongs to its visit."""
    repeating: bool = False
    """Whether it has several rows for a participant, though no export shows that yet."""
    day: str = ""
    """The field that holds the day on which it was filled in, which ``today`` in its logic is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPurpose:
    """What a field is used for."""

    field: str
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCode:
    """Another code for a choice of a field, such as the arm's in the protocol."""

    field: str
    code: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingDecision:
    """A missing data code of the project, and what it is called in the trial."""

    code: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDecisions:
    """Everything that was decided about a project."""

    visits: tuple[EventVisit, ...] = ()
    forms: tuple[FormDecision, ...] = ()
    purposes: tuple[FieldPurpose, ...] = ()
    codes: tuple[NewCode, ...] = ()
    missing_codes: tuple[MissingDecision, ...] = ()

    def form(self, name: str) -> FormDecision:
        """What was decided of a form."""
        named = (each for each in self.forms if each.form == name)
        return next(named, FormDecision(form=name))

    def purpose(self, field: str) -> Purpose | None:
        """What a field is used for, if that was decided."""
        named = (each.purpose for each in self.purposes if each.field == field)
        return next(named, None)

    def new_codes(self, field: str) -> Mapping[str, str]:
        """For each code of a field that changes what it becomes."""
        return {each.code: each.becomes for each in self.codes if each.field == field}

    @property
    def reasons(self) -> Mapping[str, str]:
        """For each missing data code of REDCap the trial's."""
        return {each.code: each.means for each in self.missing_codes}


_TABLES = ("visits", "forms", "purposes", "codes", "missing_codes")


def read_decisions(path: Path) -> ImportDecisions:
    """The decisions in a file; none where there is no file.

    Raises :class:`ProtocolError` with everything that is wrong in it.
    """
    if not path.exists():
        return ImportDecisions()
    raw, _ = load_toml(path, file=path.name)
    complaints = Complaints(path.name)
    for name in sorted(raw.keys() - set(_TABLES)):
        complaints.add(
            table=name[:80], key="", found="an unknown table", expected=", ".join(_TABLES)
        )
    read = partial(_read, raw, complaints)
    decisions = ImportDecisions(
        visits=read(EventVisit, "visits"),
        forms=read(FormDecision, "forms"),
        purposes=read(FieldPurpose, "purposes"),
        codes=read(NewCode, "codes"),
        missing_codes=read(MissingDecision, "missing_codes"),
    )
    if complaints.all():
        raise ProtocolError(complaints.all())
    return decisions


def _read(
    raw: Mapping[str, object], complaints: Complaints, kind: type[Noun], table: str
) -> tuple[Noun, ...]:
    return read_tables(kind, raw.get(table), table=table, complaints=complaints)


def complain_of_decisions(
    decisions: ImportDecisions,
    *,
    forms: frozenset[str],
    fields: frozenset[str],
    events: frozenset[str],
) -> tuple[Complaint, ...]:
    """A complaint for every name that the project does not have."""
    complaints = Complaints(FILE)
    named = (
        ("forms", "form", [each.form for each in decisions.forms], forms),
        ("forms", "day", [each.day for each in decisions.forms if each.day], fields),
        ("purposes", "field", [each.field for each in decisions.purposes], fields),
        ("codes", "field", [each.field for each in decisions.codes], fields),
        ("visits", "event", [each.event for each in decisions.visits], events),
    )
    for table, key, names, known in named:
        for name in names:
            if name not in known and (known or table != "visits"):
                complaints.add(
                    table=table,
                    key=key,
                    found=repr(name[:80]),
                    expected=f"one of the project's: {', '.join(sorted(known)[:20])}",
                )
    return complaints.all()
