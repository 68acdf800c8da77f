"""``trialkit validate TRIAL --data FILE``: one data file of any size, judged as it streams by."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from trialkit.checks.one_file.at_scale import FileFindings, check_file, with_duplicates
from trialkit.checks.one_file.beyond_the_row import forms_elsewhere
from trialkit.checks.one_file.own_data import NOTHING, own_data
from trialkit.cli.data_doors import door_of
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.memory import seek_garbage_at_the_end
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.severity_tones import TONES
from trialkit.errors import DataFileError, TrialStep
from trialkit.files.spreadsheets import csv_bytes
from trialkit.files.whole_files import output_folder, write_files
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.forms.forms import Form, Schemas, Severity
from trialkit.schemas.reading.loading import form_schemas
from trialkit.steps.data_door import data_of
from trialkit.store.data_days import DataDays
from trialkit.store.one_file.key_uniqueness import AVAILABLE, INSTALL, duplicate_keys
from trialkit.store.one_file.scanning import open_scan
from trialkit.store.sources.attachments import attached_files

LISTING, COUNTS = "file_findings.csv", "file_counts.csv"
_SHOWN = 10


def run(arguments: Namespace) -> ExitCode:
    """Judge every row, count the findings, and list the first of them."""
    if arguments.cut is not None or arguments.strict:
        raise DataFileError("--cut and --strict are for a trial's own data, not for --data")
    screen = Screen()
    protocol = load_protocol(arguments.trial, step=TrialStep.VALIDATE)
    schemas = form_schemas(arguments.trial, protocol, step=TrialStep.VALIDATE)
    form = _form_of(arguments.data, arguments.form, schemas)
    scan = open_scan(arguments.data, form, schemas.data)
    out = output_folder(arguments.trial, arguments.out)
    files = attached_files(arguments.trial, schemas)
    days = DataDays.stated(protocol=schemas.data.cut, run=run_day(arguments))
    own = NOTHING
    if forms_elsewhere(form):
        with screen.working("Reading the other forms"):
            own = own_data(
                data_of(arguments.trial, schemas.data, door_of(arguments)).source,
                form,
                schemas,
                days,
            )
    with _streaming("Validating") as watch:
        found = check_file(
            scan,
            form,
            schemas,
            protocol,
            files=files,
            days=days,
            own=own,
            limit=arguments.limit,
            watch=watch,
        )
    without = INSTALL if not AVAILABLE else "duplicate keys, since --no-keys was given"
    if AVAILABLE and not arguments.no_keys:
        seek_garbage_at_the_end()
        with screen.working("Looking for duplicate keys"):
            shared = duplicate_keys(scan, form.key, limit=arguments.limit)
        found, without = with_duplicates(found, shared, form), ""
    if days.warning:
        screen.warn(f"{days.warning}.")
    listing = _write(found, out)
    _show(found, scan.file, listing, without, screen)
    return ExitCode.FINDINGS if found.count(Severity.HARD) else ExitCode.FINE


def _form_of(data: Path, name: str | None, schemas: Schemas) -> Form:
    wanted = data.stem if name is None else name
    known = [form.id for form in schemas.forms]
    if wanted in known:
        return schemas.form(wanted)
    whence = "--form" if name is not None else f"the name of {data.name}"
    raise DataFileError(
        f"{whence}: {wanted!r} is no form of the trial{suggestion(wanted, known)}; name the form "
        f"whose data the file holds by --form, one of {', '.join(known)}"
    )


def _write(found: FileFindings, out: Path) -> Path:
    frames = {COUNTS: found.to_frame(), LISTING: found.listed.to_frame()}
    files = {
        name: csv_bytes(list(frame.columns), frame.to_numpy().tolist())
        for name, frame in frames.items()
    }
    write_files(files, out)
    return out / LISTING


def _show(found: FileFindings, file: str, listing: Path, without: str, screen: Screen) -> None:
    counts = ", ".join(f"{found.count(each):,} {each.value}" for each in Severity)
    screen.say(f"{file}: {found.rows:,} rows read, each of them checked. Findings: {counts}.")
    if found.counts:
        shown = found.counts[:_SHOWN]
        screen.show_rows(
            ("severity", "item", "rule", "findings"),
            [
                (each.severity.value, each.item, each.rule_id, f"{each.findings:,}")
                for each in shown
            ],
            tones=[TONES[each.severity] for each in shown],
        )
    listed = len(found.listed.to_frame())
    beyond = "" if listed < found.limit else f", the first {found.limit:,} of each kind of check"
    screen.say(f"Listed: {listed:,} in {listing}{beyond}; all are counted in {COUNTS} beside it.")
    for what in (*filter(None, [without]), *found.not_checked):
        screen.say(f"Not checked: {what}")


@contextmanager
def _streaming(what: str) -> Iterator[Callable[[int, int, int], None]]:
    """A bar with the rows so far and their rate; nothing where nobody watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _rows, _done, _of: None
        return
    columns = (
        TextColumn(what),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]} rows, {task.fields[rate]} a second"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None, rows="0", rate="…")

        def watch(rows: int, done: int, of: int) -> None:
            elapsed = progress.tasks[0].elapsed or 0.0
            rate = f"{rows / elapsed:,.0f}" if elapsed else "…"
            progress.update(task, completed=done, total=of, rows=f"{rows:,}", rate=rate)

        yield watch
