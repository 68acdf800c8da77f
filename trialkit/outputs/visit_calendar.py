"""The visits ahead as a table and as a calendar (iCalendar, RFC 5545).

A calendar travels: it has the participant's number, the visit, its days and its forms, and neither
an arm nor anything that names a person.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import starmap

import pandas as pd
from icalendar import Calendar, Event

from trialkit.disk.content import Content
from trialkit.outputs.labelling import labelled_csv
from trialkit.printable import on_one_line
from trialkit.protocol.trial.protocol import Protocol

TABLE, CALENDAR = "due.csv", "due.ics"


def visit_files(visits: pd.DataFrame, protocol: Protocol, *, made_on: date) -> dict[str, Content]:
    """``due.csv``, and ``due.ics`` unless there is no visit: a calendar has an event at least."""
    label = protocol.trial.synthetic
    days = {name: visits[name].dt.strftime("%Y-%m-%d") for name in ("earliest", "target", "latest")}
    table: dict[str, Content] = {TABLE: labelled_csv(visits.assign(**days), "forms", label)}
    if visits.empty:
        return table
    return table | {CALENDAR: visit_calendar(visits, protocol, made_on=made_on)}


def visit_calendar(visits: pd.DataFrame, protocol: Protocol, *, made_on: date) -> bytes:
    """Each visit an event of whole days, as long as its window."""
    trial = protocol.trial
    calendar = Calendar()
    calendar.add("prodid", "-//trialkit//visits//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _plain(f"{trial.short_title}: visits"))
    if trial.synthetic:
        calendar.add("x-wr-caldesc", _plain(trial.synthetic))
    stamp = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)
    for event in _events(visits, trial.id, trial.synthetic):
        event.add("dtstamp", stamp)
        calendar.add_component(event)
    ical: bytes = calendar.to_ical()
    return ical


def _events(visits: pd.DataFrame, trial: str, synthetic: str) -> Iterator[Event]:
    named = ["subject_id", "visit", "label", "hour", "forms"]
    days = [visits[name].dt.date for name in ("earliest", "target", "latest")]
    rows = zip(*(visits[name] for name in named), *days, strict=True)

    def event(subject: str, visit: str, label: str, hour: str, forms: str, *window: date) -> Event:
        earliest, target, latest = window
        made = Event()
        made.add("uid", _uid(trial, subject, visit))
        planned = ", ".join([target.isoformat(), *([hour] if hour else [])])
        made.add("summary", _plain(f"{subject}: {label}, planned for {planned}"))
        made.add("dtstart", earliest)
        made.add("dtend", latest + timedelta(days=1))  # the day after the last
        said = f"Lacking: {forms}" + (f". {synthetic}" if synthetic else "")
        made.add("description", _plain(said))
        made.add("transp", "TRANSPARENT")
        return made

    return starmap(event, rows)


def _uid(trial: str, subject: str, visit: str) -> str:
    """The same visit has the same name in every calendar, so that a newer one takes its place."""
    name = f"{trial}\x1f{subject}\x1f{visit}"
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32] + "@trialkit"


def _plain(text: str) -> str:
    """Text on one line, without control characters, which no calendar may hold."""
    return on_one_line(text)
