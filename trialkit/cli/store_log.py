"""``trialkit store log``: what was entered, by whom, when and why."""

from argparse import Namespace
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_event_words import became, by_whom, what_was_done
from trialkit.cli.store_reach import opened
from trialkit.cli.summaries import show_files
from trialkit.disk.content import Pieces
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.log_selection import REDACTED, LogSelection, selected
from trialkit.evidence.opening import Store
from trialkit.files.spreadsheets import csv_pieces
from trialkit.files.whole_files import write_together
from trialkit.grammar import counted
from trialkit.pages.log_page import log_page
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.identifying import identifying, masked, unmasked
from trialkit.schemas.forms.not_done import not_done_form
from trialkit.steps.opening import open_trial

COLUMNS = (
    "seq", "at", "zone", "person", "printed_name", "role", "site", "door", "action", "form",
    "subject_id", "visit", "repeat", "copy", "item", "old", "new", "missing_old", "missing_new",
    "reason", "about", "details", "batch", "definition", "before", "hash",
)  # fmt: skip
"""The columns of the file."""
_HEADS = ("event", "when (UTC)", "who", "what", "where", "before", "after", "why")
_SHOWN = 50


def show_log(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show the last events of those that were asked for, or write all of them to a file."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    schemas = unmasked(trial.schemas) if arguments.show_identifiers else trial.schemas
    selection = LogSelection(
        subject=arguments.subject,
        person=arguments.person,
        form=arguments.form,
        since=arguments.since,
        until=arguments.until,
    )
    with opened(arguments) as store:
        if arguments.to is None:
            _show(_rows(store, selection, schemas), screen)
        else:
            written = write_together(
                {arguments.to: _content(arguments.to, store, selection, schemas)}
            )
            show_files(written, screen)
    return ExitCode.FINE


def _content(path: Path, store: Store, selection: LogSelection, schemas: Schemas) -> Pieces:
    match path.suffix.lower():
        case ".csv":
            return Pieces(lambda: csv_pieces(COLUMNS, _rows(store, selection, schemas)))
        case ".html":
            return Pieces(lambda: _page(store, selection, schemas))
    raise EvidenceError(
        f"{path}: the log is written as CSV or as a page; name a file that ends in .csv or .html"
    )


def _page(store: Store, selection: LogSelection, schemas: Schemas) -> Iterator[bytes]:
    rows = (
        _shown(dict(zip(COLUMNS, row, strict=True))) for row in _rows(store, selection, schemas)
    )
    asked = [f"{name} {value}" for name, value in asdict(selection).items() if value]
    note = f"Asked for: {', '.join(asked)}." if asked else "All events."
    return log_page("Log of the evidence store", note, _HEADS, rows)


def _rows(store: Store, selection: LogSelection, schemas: Schemas) -> Iterator[tuple[object, ...]]:
    """Each event under the columns of the file, answers that name a person masked."""
    forms = {form.id: identifying(form) for form in (*schemas.forms, not_done_form(schemas))}
    form, item, old, new = (COLUMNS.index(name) for name in ("form", "item", "old", "new"))
    for batch in selected(store, selection):
        for row in batch.select(COLUMNS).iter_rows():
            named = forms.get(row[form])
            if row[item] and (named is None or row[item] in named):
                hidden = list(row)
                for at in (old, new):
                    hidden[at] = row[at] if row[at] == REDACTED else masked(row[at])
                yield tuple(hidden)
            else:
                yield row


def _show(rows: Iterator[tuple[object, ...]], screen: Screen) -> None:
    last = deque[tuple[object, ...]](maxlen=_SHOWN)
    count = 0
    for row in rows:
        last.append(row)
        count += 1
    if not count:
        screen.say("No event of this kind is in the log.")
        return
    screen.say(f"{counted(count, 'event')}{f', the last {_SHOWN}' if count > _SHOWN else ''}:")
    screen.show_rows(_HEADS, [_shown(dict(zip(COLUMNS, row, strict=True))) for row in last])
    if count > _SHOWN:
        screen.say("--to FILE writes all of them.")


def _shown(event: dict[str, object]) -> Sequence[str]:
    said = {name: str(value) for name, value in event.items()}
    place = " ".join(
        filter(
            None,
            (
                f"{said['form']}.{said['item']}" if said["item"] else said["form"],
                said["subject_id"],
                said["visit"],
                said["repeat"] and f"no. {said['repeat']}",
            ),
        )
    )
    return (
        said["seq"],
        said["at"][:19].replace("T", " "),
        by_whom(said),
        what_was_done(said),
        place,
        said["old"],
        became(said),
        said["reason"],
    )
