"""Where the forms of a project stand: at which events, tied to which visits, repeating or not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.imports.redcap.decisions import FormDecision, ImportDecisions
from trialkit.imports.redcap.text_table import UTF_8, read_text_table

_ARM = re.compile(r"_arm_([0-9]+)[a-z]*$")
_MAPPING = ("arm_num", "unique_event_name", "form")
_EVENTS = ("event_name", "unique_event_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the exports show of a form."""

    form: str
    events: tuple[str, ...] = ()
    repeating: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Designated:
    """One line of REDCap's instrument-event mapping, or of its events."""

    event: str
    form: str
    """Empty where only the event is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedField:
    """Where a form stands."""

    form: str
    events: tuple[str, ...]
    """The events at which it is asked; none in a project without events."""
    visits: tuple[str, ...]
    """The visits that its rows belong to; none for a form that is asked at one event only."""
    repeating: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where all forms stand, and which visit each event is."""

    placed: Mapping[str, PlacedField]
    visit_of: Mapping[str, str]
    """For each event its visit."""

    @property
    def visits(self) -> tuple[str, ...]:
        """The visits, in order."""
        return tuple(dict.fromkeys(self.visit_of.values()))

    @property
    def arms(self) -> frozenset[str]:
        """The arms that the names of the events end with."""
        found = (_ARM.search(event) for event in self.visit_of)
        return frozenset(match.group(1) for match in found if match)


def read_event_mapping(path: Path, *, encoding: str = UTF_8) -> tuple[Designated, ...]:
    """The instrument-event mapping, as REDCap exports it: which form is asked at which event."""
    return _designated(
        path,
        _MAPPING,
        expected="arm_num, unique_event_name, form: the instrument-event mapping of REDCap",
        encoding=encoding,
    )


def read_events(path: Path, *, encoding: str = UTF_8) -> tuple[Designated, ...]:
    """The events in their order, as REDCap exports them; which forms are asked is not said there."""
    return _designated(
        path,
        _EVENTS,
        expected="event_name, arm_num, unique_event_name: the events of REDCap",
        encoding=encoding,
    )


def _designated(
    path: Path, columns: Sequence[str], *, expected: str, encoding: str
) -> tuple[Designated, ...]:
    table = read_text_table(
        path,
        recognised=lambda names: len(set(names) & set(columns)),
        expected=expected,
        encoding=encoding,
    )
    missing = [name for name in columns[1:] if name not in table.cells.columns]
    if missing:
        raise DataFileError(f"{table.file}: lacks the column {', '.join(missing)}")
    events = table.cells["unique_event_name"].to_list()
    forms = table.cells["form"].to_list() if "form" in columns else [""] * len(events)
    return tuple(
        Designated(event=event.strip(), form=form.strip().lower())
        for event, form in zip(events, forms, strict=True)
        if event.strip()
    )


def lay_out(
    forms: Sequence[str],
    *,
    designated: Sequence[Designated],
    found: Sequence[Found],
    decisions: ImportDecisions,
) -> Layout:
    """Where the forms stand, by the mapping and by what the exports show."""
    events = tuple(
        dict.fromkeys(
            [each.event for each in designated]
            + [each.event for each in decisions.visits]
            + [event for each in found for event in each.events]
        )
    )
    decided = {each.event: each.visit for each in decisions.visits}
    visit_of = {event: decided.get(event, _ARM.sub("", event)) for event in events}
    placed = {
        form: _placed(form, designated, found, visit_of, decided=decisions.form(form))
        for form in forms
    }
    return Layout(placed=placed, visit_of=visit_of)


def _placed(
    form: str,
    designated: Sequence[Designated],
    found: Sequence[Found],
    visit_of: Mapping[str, str],
    *,
    decided: FormDecision,
) -> PlacedField:
    shown = [each for each in found if each.form == form]
    named = {each.event for each in designated if each.form == form}
    named |= {event for each in shown for event in each.events}
    events = tuple(event for event in visit_of if event in named)
    visits = _unique(visit_of[event] for event in events)
    single = len(visits) < 2
    return PlacedField(
        form=form,
        events=events,
        visits=() if single and not decided.visits else visits,
        repeating=decided.repeating or any(each.repeating for each in shown),
    )


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
