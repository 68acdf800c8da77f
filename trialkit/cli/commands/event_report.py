"""``trialkit forms sae TRIAL SUBJECT``: one report of a serious adverse event, as a page to sign."""

import re
from argparse import Namespace
from collections.abc import Mapping

import polars as pl

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.errors import DataFileError, ProtocolError, TrialStep
from trialkit.files.whole_files import output_folder, write_files
from trialkit.imports.taking_in.present import present_rows
from trialkit.pages.codebook_page import find_form_templates
from trialkit.pages.event_report import EventReport, render_report
from trialkit.schemas.forms.forms import Form, FormKind, Purpose
from trialkit.steps.data_door import refuse_data_in_a_store
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial


def run(arguments: Namespace) -> ExitCode:
    """Write the page of the one report that is meant."""
    screen = Screen()
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    form = trial.schemas.of_kind(FormKind.SERIOUS_EVENTS)
    if form is None:
        raise ProtocolError(
            f"{trial.folder}: has no form of kind {FormKind.SERIOUS_EVENTS.value}; "
            f"'trialkit instruments add {trial.folder} sae' writes one"
        )
    refuse_data_in_a_store(
        trial.folder, instead="make the page of an export: trialkit store export TRIAL OUT"
    )
    cells = _row(trial, form, arguments.subject, arguments.number)
    report = EventReport(form=form, cells=cells, site=_site(trial, arguments.subject))
    with screen.working("Writing the report"):
        page = render_report(report, trial.protocol, trial.schemas.data, find_form_templates())
    out = output_folder(arguments.trial, arguments.out)
    for path in write_files({_name(form, cells): page}, out):
        screen.say_as_it_is(f"  {path}")
    return ExitCode.FINE


def _row(trial: OpenedTrial, form: Form, subject: str, number: str | None) -> Mapping[str, str]:
    """The row of the form that holds the report; several need a number."""
    place = f"data/{form.id}.csv"
    rows = _of_subject(present_rows(trial.folder, form, trial.schemas.data).cells, subject)
    if rows.is_empty():
        raise DataFileError(
            f"{place}: has no row of participant {subject!r}; enter the report there first, or "
            "correct the participant"
        )
    if not form.repeating:
        return rows.row(0, named=True)
    numbers = rows["repeat"].str.strip_chars()
    found = rows if number is None else rows.filter(numbers == number.strip())
    if found.height != 1:
        listed = ", ".join(numbers.to_list())
        what = "several reports" if number is None else f"no report with the number {number!r}"
        raise DataFileError(
            f"{place}: participant {subject!r} has {what}; name one by --number, of {listed}"
        )
    return found.row(0, named=True)


def _of_subject(cells: pl.DataFrame, subject: str) -> pl.DataFrame:
    return cells.filter(pl.col("subject_id").str.strip_chars() == subject.strip())


def _site(trial: OpenedTrial, subject: str) -> str:
    """The participant's site with its name, where a form records it."""
    labels = {site.code: f"{site.code} {site.label}" for site in trial.protocol.sites}
    for form in trial.schemas.forms:
        item = form.item_for(Purpose.SITE)
        if item is not None and form.key == ("subject_id",):
            rows = _of_subject(present_rows(trial.folder, form, trial.schemas.data).cells, subject)
            code = "" if rows.is_empty() else str(rows[item.id][0]).strip()
            return labels.get(code, code)
    return next(iter(labels.values())) if len(labels) == 1 else ""


def _name(form: Form, cells: Mapping[str, str]) -> str:
    """A name for the file, whatever a participant or a number is called."""
    parts = [form.id, cells["subject_id"], *([cells["repeat"]] if form.repeating else [])]
    return "_".join(re.sub(r"[^A-Za-z0-9-]", "-", part.strip())[:40] for part in parts) + ".pdf"
