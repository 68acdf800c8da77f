"""What each source of ``trialkit import`` is read by."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.import_summary import take_in
from trialkit.cli.redcap_import import import_redcap
from trialkit.cli.screen import Screen
from trialkit.cli.statistical_import import import_statfile
from trialkit.cli.xlsform_import import import_xlsform
from trialkit.errors import TrialStep
from trialkit.grammar import by_number
from trialkit.imports.entry_workbook.from_workbook import from_workbook
from trialkit.imports.entry_workbook.settling import settled
from trialkit.imports.taking_in.from_csv import from_csv
from trialkit.imports.taking_in.mapping import FileMapping, read_mapping
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial


def _workbook(arguments: Namespace, screen: Screen) -> ExitCode:
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    incoming = from_workbook(arguments.file, trial.schemas, _mapping(arguments, trial))
    rows = settled(incoming, trial.folder, trial.schemas)
    if rows.refused:
        noun = by_number(len(rows.refused), "row is", "rows are")
        screen.say(f"{len(rows.refused)} {noun} not taken:")
    for each in rows.refused:
        screen.say(f"  - {each}")
    code = take_in(trial, rows.incoming, arguments, screen)
    return ExitCode.FINDINGS if rows.refused else code


def _csv(arguments: Namespace, screen: Screen) -> ExitCode:
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    mapping = _mapping(arguments, trial)
    incoming = from_csv(arguments.file, arguments.form, trial.schemas, mapping)
    return take_in(trial, incoming, arguments, screen)


def _mapping(arguments: Namespace, trial: OpenedTrial) -> FileMapping:
    if arguments.mapping is None:
        return FileMapping(file="")
    return read_mapping(arguments.mapping, trial.schemas)


SOURCES: Mapping[str, Callable[[Namespace, Screen], ExitCode]] = MappingProxyType(
    {
        "redcap": import_redcap,
        "workbook": _workbook,
        "csv": _csv,
        "statfile": import_statfile,
        "xlsform": import_xlsform,
    }
)
"""By the words of :mod:`trialkit.cli.import_options`."""
