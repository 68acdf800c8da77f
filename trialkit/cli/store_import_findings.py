"""What would be wrong with the data of a store after an import, said before and after it is written."""

from argparse import Namespace

import polars as pl

from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.severity_tones import TONES
from trialkit.cli.summaries import WORST, show_not_judged
from trialkit.cli.tone import Tone
from trialkit.errors import DataFileError
from trialkit.evidence.contents.judged_beforehand import FindingsBrought, findings_brought
from trialkit.evidence.database.opening import Store
from trialkit.schemas.forms.forms import Severity
from trialkit.schemas.forms.identifying import unmasked
from trialkit.steps.stages import OpenedTrial


def show_findings_brought(
    arguments: Namespace, trial: OpenedTrial, store: Store, entries: pl.DataFrame, screen: Screen
) -> None:
    """The counts, the first of them, and that queries follow; it is a warning, and nothing is refused."""
    schemas = unmasked(trial.schemas) if arguments.show_identifiers else trial.schemas
    try:
        with screen.working("Validating"):
            brought = findings_brought(
                store,
                entries,
                schemas,
                trial.protocol,
                folder=trial.folder,
                today=run_day(arguments),
            )
    except DataFileError as error:
        screen.warn(f"what the import brings could not be judged: {error}")
        return
    verb = "brings" if arguments.write else "would bring"
    hard, soft = brought.count(Severity.HARD), brought.count(Severity.SOFT)
    if not (hard or soft):
        screen.say(f"The import {verb} no finding.")
    else:
        screen.say(
            f"Findings that the import {verb}: {hard:,} hard, {soft:,} soft. Once it is written, 'trialkit store "
            f"query {trial.folder} check' asks about them:",
            Tone.WARNING,
            whole=[trial.folder],
        )
        _show_first(brought, screen)
    show_not_judged(brought.left_out, screen)


def _show_first(brought: FindingsBrought, screen: Screen) -> None:
    first = brought.frame.head(WORST)
    names = ["severity", "subject_id", "visit", "repeat", "form", "item", "message"]
    rows = [
        (
            severity,
            subject,
            " ".join(filter(None, (visit, repeat and f"no. {repeat}"))),
            f"{form}.{item}" if item else form,
            message,
        )
        for severity, subject, visit, repeat, form, item, message in first[names].itertuples(
            index=False, name=None
        )
    ]
    tones = [TONES[Severity(each)] for each in first["severity"]]
    screen.show_rows(("severity", "subject", "visit", "form.item", "message"), rows, tones=tones)
    if (more := len(brought.frame) - len(first)) > 0:
        screen.say(f"... and {more:,} more")
