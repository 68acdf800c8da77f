"""``forms/*.toml`` become Schemas, or every complaint about all of them at once.

Forms are in the order in which data flow: by their ``order`` where it is given, then by kind
(screening, demographics, randomisation, assessments, …), then by id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trialkit.errors import Complaint, ProtocolError, TrialStep, refuse
from trialkit.limits import MOST_FORMS, MOST_ITEMS
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, load_toml, read_table, read_tables
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import (
    Expected,
    Form,
    FormKind,
    Item,
    Rule,
    Schemas,
    StoppingSignal,
)
from trialkit.schemas.reading.conditions import complain_of_circles, understood, with_declared
from trialkit.schemas.reading.consistency import complain_of_form
from trialkit.schemas.reading.form_tests import complain_of_tests, read_tests
from trialkit.schemas.reading.needs import complain_of_analyses, complain_of_needs

FOLDER = "forms"
_KNOWN = ("form", "items", "rules", "tests")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The ``[form]`` table of a form file."""

    id: str
    title: str
    kind: FormKind
    expected: Expected
    visits: tuple[str, ...] = ()
    repeating: bool = False
    arms: tuple[str, ...] = ()
    one_row_for: tuple[str, ...] = ()
    stopping: StoppingSignal | None = None
    order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadForms:
    """The forms of a trial as far as they could be read, and everything that is wrong with them."""

    complaints: tuple[Complaint, ...]
    schemas: Schemas
    """Whole only where no complaint stops the first step."""

    def up_to(self, step: TrialStep) -> Schemas:
        """The forms for this step; raises :class:`ProtocolError` with all that stops it."""
        refuse(self.complaints, step)
        return self.schemas


def form_schemas(
    folder: Path, protocol: Protocol, *, step: TrialStep = TrialStep.REPORT
) -> Schemas:
    """The forms of the trial in ``folder``, right as far as ``step`` and those before need it.

    Raises :class:`ProtocolError` with the complaints about all forms together.
    """
    return read_forms(folder, protocol, plan_is_read=step.covers(TrialStep.ANALYSE)).up_to(step)


def read_forms(folder: Path, protocol: Protocol, *, plan_is_read: bool) -> ReadForms:
    """The forms of the trial in ``folder``, held against each other and the protocol.

    Against the plan of the analyses only if ``plan_is_read``: if the protocol has it without fault.
    Raises :class:`ProtocolError` where there is no form.
    """
    paths = sorted((folder / FOLDER).glob("*.toml"))
    if not paths:
        raise ProtocolError(
            f"{FOLDER}/: has no form; write one TOML file for each form, such as "
            f"{FOLDER}/screening.toml"
        )
    if len(paths) > MOST_FORMS:
        raise ProtocolError(f"{FOLDER}/: has {len(paths):,} forms; {MOST_FORMS:,} are read at most")
    read = [_read(path, folder, protocol) for path in paths]
    found = [complaint for each in read for complaint in each.complaints]
    placed = [(_flow(each.form, each.order), each.form) for each in read if each.form]
    forms = tuple(form for _, form in sorted(placed, key=lambda each: each[0]))
    unread = frozenset(name for each in read for name in each.unread)
    forms, stated = understood(forms, protocol.data, unread=unread)
    found += stated
    if not stated and not unread:
        found += complain_of_circles(forms)
    if not unread:
        found += complain_of_tests(forms)
        found += complain_of_needs(forms, protocol)
        found += complain_of_analyses(forms, protocol) if plan_is_read else ()
    if not any(TrialStep.VALIDATE.covers(each.step) for each in found):
        forms = with_declared(forms, protocol.data)
    schemas = Schemas(forms=forms, data=protocol.data, visits=protocol.visits)
    return ReadForms(complaints=tuple(found), schemas=schemas)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A form file as far as it could be read."""

    complaints: tuple[Complaint, ...]
    form: Form | None = None
    order: int | None = None
    unread: tuple[str, ...] = ()
    """Ids of the items, or of the form, that could not be read."""


def _flow(form: Form, order: int | None) -> tuple[int, int, str]:
    """The place of a form: forms of kind screening are at 0, demographics at 100, and so on."""
    kind = list(FormKind).index(form.kind)
    return kind * 100 if order is None else order, kind, form.id


def _read(path: Path, folder: Path, protocol: Protocol) -> _Read:
    complaints = Complaints(f"{FOLDER}/{path.name}")
    raw, sha256 = _tables(path, folder, complaints)
    heading = None
    if raw is not None:
        heading = read_table(Heading, raw.get("form"), table="form", complaints=complaints)
    if raw is None or heading is None:
        return _Read(complaints=complaints.all(), unread=(path.stem,))
    items = read_tables(
        Item, raw.get("items"), table="items", complaints=complaints, most=MOST_ITEMS
    )
    unread = _ids(raw.get("items")) - {item.id for item in items}
    form = Form(
        id=heading.id,
        title=heading.title,
        kind=heading.kind,
        expected=heading.expected,
        visits=heading.visits,
        repeating=heading.repeating,
        arms=heading.arms,
        one_row_for=heading.one_row_for,
        stopping=heading.stopping,
        items=items,
        rules=read_tables(Rule, raw.get("rules"), table="rules", complaints=complaints),
        tests=read_tests(raw.get("tests"), heading.id, data=protocol.data, complaints=complaints),
        file=complaints.file,
        sha256=sha256,
    )
    complain_of_form(form, stem=path.stem, unread=unread, protocol=protocol, complaints=complaints)
    return _Read(
        complaints=complaints.all(), form=form, order=heading.order, unread=tuple(sorted(unread))
    )


def _tables(
    path: Path, folder: Path, complaints: Complaints
) -> tuple[Mapping[str, object] | None, str]:
    """The tables of a form file and its hash; None when it could not be read."""
    if not path.resolve().is_relative_to(folder.resolve()):
        complaints.add(
            table="", key="", found="a link that leads out of the trial's folder", expected="a file"
        )
        return None, ""
    try:
        raw, sha256 = load_toml(path, file=complaints.file)
    except ProtocolError as error:
        complaints.add(table="", key="", found=str(error), expected="a readable TOML file")
        return None, ""
    for name in raw:
        if name not in _KNOWN:
            complaints.add(
                table=name[:80],
                key="",
                found="an unknown table",
                expected=f"one of {', '.join(_KNOWN)}{suggestion(name, list(_KNOWN))}",
            )
    return raw, sha256


def _ids(tables: object) -> frozenset[str]:
    """The ids that an array of tables gives, whether or not the tables could be read."""
    if not isinstance(tables, list):
        return frozenset()
    ids = (each.get("id") for each in tables if isinstance(each, Mapping))
    return frozenset(name for name in ids if isinstance(name, str))
