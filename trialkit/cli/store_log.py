"""``trialkit store log``: what was entered, by whom, when and why."""

from argparse import Namespace
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_moment
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import who_prints
from trialkit.cli.store_event_words import became, by_whom, what_was_done
from trialkit.cli.store_reach import opened
from trialkit.cli.summaries import show_files
from trialkit.disk.content import Content, Pieces
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.contents.log_selection import REDACTED, LogSelection, selected
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.people.marks_apart import every_form
from trialkit.files.spreadsheets import csv_pieces
from trialkit.files.whole_files import write_together
from trialkit.grammar import counted
from trialkit.pages.codebook_page import find_form_templates
from trialkit.pages.log_document import render_log
from trialkit.pages.log_head import LogHead, in_brackets
from trialkit.pages.log_page import log_page
from trialkit.report.words.en.dates import registration_number
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.identifying import identifying, masked, unmasked
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial

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
            _write(arguments.to, _printing(arguments, store, selection, trial, schemas), screen)
    return ExitCode.FINE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Printing:
    """Which events of which log go into a file."""

    store: Store
    selection: LogSelection
    schemas: Schemas
    head: LogHead
    end: int
    """The last event, whatever others write meanwhile."""

    def cells(self) -> Iterator[tuple[object, ...]]:
        """Each event under the columns of the file."""
        return _rows(self.store, self.selection, self.schemas, until=self.end)

    def lines(self) -> Iterator[Sequence[str]]:
        """Each event in the words of a page."""
        return (_shown(dict(zip(COLUMNS, row, strict=True))) for row in self.cells())


def _printing(
    arguments: Namespace,
    store: Store,
    selection: LogSelection,
    trial: OpenedTrial,
    schemas: Schemas,
) -> _Printing:
    with store.reading() as connection:
        end = head_of(connection)
    about, registered = trial.protocol.trial, trial.protocol.registration
    asked = [f"{name} {value}" for name, value in asdict(selection).items() if value]
    head = LogHead(
        trial=about.name,
        registration=registration_number(registered) if registered else "",
        synthetic=about.synthetic,
        asked=", ".join(asked) or "all events",
        end=f"to event {end.seq}, whose hash is {end.hash}",
        printed=f"by {who_prints(arguments)}, {run_moment(arguments).astimezone(UTC):%Y-%m-%d %H:%M:%S} (UTC)",
    )
    return _Printing(store=store, selection=selection, schemas=schemas, head=head, end=end.seq)


def _write(path: Path, printing: _Printing, screen: Screen) -> None:
    content: Content
    numbered = ""
    match path.suffix.lower():
        case ".csv":
            content = Pieces(lambda: csv_pieces(COLUMNS, printing.cells()))
        case ".html":
            content = Pieces(lambda: log_page(printing.head, _HEADS, printing.lines()))
        case ".pdf":
            with screen.working("Setting the pages"):
                made = render_log(
                    printing.head, _HEADS, printing.lines(), find_form_templates(), what=str(path)
                )
            content, numbered = made.content, made.numbered
        case _:
            raise EvidenceError(
                f"{path}: the log is written as CSV, as a page or as a PDF; name a file that ends in .csv, "
                ".html or .pdf"
            )
    show_files(write_together({path: content}), screen)
    if numbered:
        listed = ", ".join(f"{each} {in_brackets(each)}" for each in numbered[:5])
        more = " …" if len(numbered) > 5 else ""
        screen.warn(
            f"no font of this computer has {counted(len(numbered), 'character')} of the log, which stand in "
            f"{path} as their numbers ({listed}{more}); install a font that has them, such as Noto, and "
            "print it again"
        )


def _rows(
    store: Store, selection: LogSelection, schemas: Schemas, *, until: int | None = None
) -> Iterator[tuple[object, ...]]:
    """Each event under the columns of the file, answers that name a person masked."""
    forms = {form.id: identifying(form) for form in every_form(schemas)}
    form, item, old, new = (COLUMNS.index(name) for name in ("form", "item", "old", "new"))
    for batch in selected(store, selection, until=until):
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
