"""``trialkit store import SOURCE``: shown cell by cell first, then written as one batch or not at all."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_sources import SOURCES
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion
from trialkit.cli.store_cells import show_cells
from trialkit.cli.store_import_findings import show_findings_brought
from trialkit.cli.store_reach import opened
from trialkit.cli.tone import Tone
from trialkit.disk.reading import read_file
from trialkit.errors import DataFileError, EvidenceError, TrialStep
from trialkit.evidence.contents.comparing import TableDifference, difference
from trialkit.evidence.contents.exporting import exported
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.writing.entering import enter
from trialkit.grammar import counted
from trialkit.schemas.forms.identifying import unmasked
from trialkit.steps.defining import definition_files, refuse_unmigrated
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial
from trialkit.steps.staging import staged
from trialkit.store.sources.folder_source import FOLDER as DATA
from trialkit.store.sources.folder_source import FolderSource

FOLDER = "folder"
"""The source that is a folder of CSV files; all others are those of ``trialkit import``."""


def import_into_store(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show what the source holds that the store does not, and write it where that is asked for."""
    arguments.trial = getattr(arguments, "into", None) or arguments.trial
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    with opened(arguments) as store:
        with _source(arguments, trial, store, screen) as (source, code):
            found = difference(
                store,
                source,
                trial.schemas,
                reason=" ".join(arguments.reason.split()),
                removing=arguments.remove_rows,
                emptying=arguments.empty,
            )
        return max(code, _take(arguments, trial, store, found, screen=screen))


@contextmanager
def _source(
    arguments: Namespace, trial: OpenedTrial, store: Store, screen: Screen
) -> Iterator[tuple[FolderSource, ExitCode]]:
    """The source as a folder, and how it could be read."""
    if arguments.source == FOLDER:
        folder = arguments.file or trial.folder
        _refuse_without_data(folder)
        yield FolderSource(folder=folder), ExitCode.FINE
        return
    if arguments.source == "xlsform" and arguments.submissions is None:
        raise DataFileError(
            "--submissions: names no file; a store takes what was submitted, and no form"
        )
    files, _ = exported(store, trial.schemas.data)
    with staged(trial, files) as folder:
        before = _definitions(folder)
        asked = {"trial": folder, "into": folder, "by": arguments.person or "store"}
        always = {"dry_run": False, "replace": True, "shows_cells": False}
        code = SOURCES[arguments.source](
            Namespace(**vars(arguments) | asked | always), _Beside(screen, folder)
        )
        if _definitions(folder) != before:
            raise DataFileError(
                f"{trial.folder}: the source has other forms than the trial, or more; take them in first: "
                f"trialkit import {arguments.source} ... --dry-run"
            )
        yield FolderSource(folder=folder), code


def _refuse_without_data(folder: Path) -> None:
    """Raise :class:`DataFileError` for the data themselves in the place of the folder that holds them."""
    if (folder / DATA).is_dir():
        return
    if any(folder.glob("*.csv")):
        raise DataFileError(
            f"{folder}: has the data in it itself; name the folder that holds it as {DATA}/: "
            + (
                str(folder.parent)
                if folder.resolve().name == DATA
                else f"put {folder} there under that name"
            )
        )
    raise DataFileError(
        f"{folder}: has no folder {DATA}/ in it; name the folder that holds {DATA}/"
    )


def _definitions(folder: Path) -> dict[str, bytes]:
    """The forms as they stand in a folder."""
    return {path.name: read_file(path) for path in sorted((folder / "forms").glob("*.toml"))}


class _Beside(Screen):
    """The screen of an import into a folder that is there for a while, which is not told of."""

    def __init__(self, screen: Screen, folder: Path) -> None:
        super().__init__()
        self._screen, self._folder = screen, str(folder)

    def say_as_it_is(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """All that is not about the folder itself."""
        if self._folder not in text:
            self._screen.say_as_it_is(text, tone)


def _take(
    arguments: Namespace,
    trial: OpenedTrial,
    store: Store,
    found: TableDifference,
    *,
    screen: Screen,
) -> ExitCode:
    schemas = unmasked(trial.schemas) if arguments.show_identifiers else trial.schemas
    show_cells(found.entries, schemas, screen, everything=arguments.all)
    _show_absent(found.absent, screen, gone=arguments.remove_rows)
    _show_left(found.left, screen)
    if found.entries.is_empty():
        screen.say("Nothing to write: the store says this already.")
        return ExitCode.FINE
    show_findings_brought(arguments, trial, store, found.entries, screen)
    if not arguments.write:
        if needed := _needed(arguments, found):
            screen.say(f"Values that are there would change or go, which needs {needed}.")
        screen.say("Nothing was written; --write writes it.")
        return ExitCode.FINE
    if needed := _needed(arguments, found):
        changed = found.count(EventAction.CHANGED)
        over = f"; {counted(changed, 'value')} would be overwritten" if changed else ""
        raise EvidenceError(
            f"values that are there would change or go{over}, and nothing was written; it needs {needed} "
            "(--replace takes what the file says, --reason says why)"
        )
    refuse_unmigrated(store, trial)
    with screen.working("Writing"):
        head = enter(
            store, found.entries, definition_files(trial), occasion(arguments, Door.IMPORT)
        )
    screen.say(
        f"{counted(found.entries.height, 'event')} written; the log ends with event {head.seq}, whose "
        f"hash is {head.hash}",
        whole=[head.hash],
    )
    return ExitCode.FINE


def _needed(arguments: Namespace, found: TableDifference) -> str:
    """The options that writing will ask for and that the call does not have, all of them at once."""
    replaces = found.count(EventAction.CHANGED) and not getattr(arguments, "replace", True)
    asked = (
        "--replace" if replaces else "",
        "--reason" if found.needs_reason and not arguments.reason.strip() else "",
    )
    return " and ".join(filter(None, asked))


def _show_absent(absent: pl.DataFrame, screen: Screen, *, gone: bool) -> None:
    if absent.is_empty():
        return
    what = "go" if gone else "stay; --remove-rows takes them out"
    screen.say(f"Not in the source, and would {what}: {counted(absent.height, 'row')}")
    for form, *key in absent.select("form", "subject_id", "visit", "repeat").head(20).iter_rows():
        screen.say(f"  - {form}: {' '.join(filter(None, key))}")
    if absent.height > 20:
        screen.say(f"  ... and {absent.height - 20:,} more")


def _show_left(left: pl.DataFrame, screen: Screen) -> None:
    """What tells an arm and is blank in the source."""
    if left.is_empty():
        return
    counts = left.group_by("form", "item", maintain_order=True).len().iter_rows()
    listed = ", ".join(f"{form}.{item} ({number:,})" for form, item, number in counts)
    screen.say(
        f"Blank in the source, and would stay, since it tells an arm; --empty empties it: {listed}"
    )
