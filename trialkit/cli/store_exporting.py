"""``trialkit store export`` and ``diff``: the data as they stood, and what lies between two moments."""

from argparse import Namespace
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_cells import show_cells
from trialkit.cli.store_reach import opened
from trialkit.cli.summaries import show_files
from trialkit.disk.content import Content
from trialkit.errors import DataFileError, TrialStep
from trialkit.evidence.contents.comparing import between
from trialkit.evidence.contents.exporting import exported
from trialkit.evidence.contents.moments import definitions_at, last_event
from trialkit.evidence.contents.tables_at import source_at
from trialkit.files.whole_files import output_folder, write_together
from trialkit.schemas.forms.identifying import unmasked
from trialkit.steps.defining import schemas_in
from trialkit.steps.opening import open_trial
from trialkit.store.sources.folder_source import FOLDER


def export_store(arguments: Namespace, screen: Screen) -> ExitCode:
    """Write the folder as it stood: its data, and the definitions that were in force."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    out = output_folder(trial.folder, arguments.out)
    _refuse_another_trial(out)
    with opened(arguments) as store:
        until = last_event(store, arguments.as_of)
        definitions = definitions_at(store, until)
        written = schemas_in(definitions).data if definitions else trial.schemas.data
        data, head = exported(store, written, until=until)
    files: dict[Path, Content] = {
        out / name: text.encode("utf-8") for name, text in definitions.items()
    }
    files |= {out / FOLDER / name: content for name, content in data.items()}
    show_files(write_together(files), screen)
    screen.say(f"As of event {head.seq} of the log, whose hash is {head.hash}", whole=[head.hash])
    return ExitCode.FINE


def _refuse_another_trial(out: Path) -> None:
    """A file of data that this export does not have would be taken for one of it."""
    if (out / FOLDER).is_dir() and any((out / FOLDER).iterdir()):
        raise DataFileError(f"{out / FOLDER}: holds data already; name a new folder for the export")


def show_store_difference(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show what lies between two moments, cell by cell."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    with opened(arguments) as store:
        first, _ = source_at(store, until=last_event(store, arguments.first))
        second, _ = source_at(store, until=last_event(store, arguments.second))
    schemas = unmasked(trial.schemas) if arguments.show_identifiers else trial.schemas
    found = between(first.tables, second.tables)
    if found.is_empty():
        screen.say("The data are the same at both moments.")
        return ExitCode.FINE
    show_cells(found, schemas, screen, everything=arguments.all)
    return ExitCode.FINDINGS
