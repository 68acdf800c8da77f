"""``trialkit store again``, ``compare`` and ``adjudicate``: double entry of forms."""

from argparse import Namespace
from dataclasses import replace

import polars as pl

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion
from trialkit.cli.store_reach import opened
from trialkit.cli.summaries import show_files
from trialkit.cli.tone import Tone
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.standing.entries_compared import (
    CELL,
    AgreementBy,
    EntriesCompared,
    compare_entries,
)
from trialkit.evidence.writing.adjudicating import adjudicate
from trialkit.evidence.writing.second_entries import enter_again
from trialkit.files.csv_reading import read_any_table
from trialkit.files.spreadsheets import csv_bytes
from trialkit.files.whole_files import write_together
from trialkit.grammar import by_number, counted
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.identifying import for_display_of, unmasked
from trialkit.steps.opening import open_trial

COLUMNS = (
    *CELL, "first", "second", "first_person", "second_person", "second_seq", "agreed", "now",
    "is_open",
)  # fmt: skip
"""The columns of the file."""
_HEADS = ("subject", "visit", "repeat", "answer", "first entry", "second entry", "by", "and by")
_LISTED = 50


def keep_second_entry(arguments: Namespace, screen: Screen) -> ExitCode:
    """Keep the second entry of a file's rows."""
    schemas = open_trial(arguments.trial, step=TrialStep.VALIDATE).schemas
    form = _form(schemas, arguments.form)
    table = read_any_table(arguments.file, file=arguments.file.name, data=schemas.data)
    with opened(arguments) as store:
        head = enter_again(store, form, table.cells, occasion(arguments, Door.ENTRY))
    rows = counted(len(table.cells), "row")
    screen.say(f"Second entry of {form.id}: {rows} kept; the log ends with event {head.seq}.")
    screen.advise("Next:  ", f"trialkit store compare {arguments.trial}")
    return ExitCode.FINE


def show_comparison(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show what differs and is not decided, and how often the entries agreed."""
    schemas = open_trial(arguments.trial, step=TrialStep.VALIDATE).schemas
    with opened(arguments) as store:
        compared = compare_entries(store, schemas)
    shown = _masked(compared, unmasked(schemas) if arguments.show_identifiers else schemas)
    _show_differences(shown.differences, screen)
    _show_withheld(compared.withheld, screen)
    _show_agreement(compared, screen)
    if arguments.to is not None:
        if arguments.to.suffix.lower() != ".csv":
            raise EvidenceError(f"{arguments.to}: the list is CSV; name a file that ends in .csv")
        content = csv_bytes(COLUMNS, shown.cells.select(COLUMNS).rows())
        show_files(write_together({arguments.to: content}), screen)
    return ExitCode.FINE if compared.differences.is_empty() else ExitCode.FINDINGS


def decide(arguments: Namespace, screen: Screen) -> ExitCode:
    """Write a decision and the value that it comes to."""
    schemas = open_trial(arguments.trial, step=TrialStep.VALIDATE).schemas
    form, _, item = arguments.answer.partition(".")
    cell = Reach(
        subject_id=arguments.subject,
        visit=arguments.visit,
        repeat=arguments.number,
        form=form,
        item=item,
    )
    with opened(arguments) as store:
        head = adjudicate(
            store,
            schemas,
            cell,
            arguments.value.strip(),
            occasion(arguments, Door.ENTRY),
            reason=arguments.reason,
        )
    screen.say(f"Decided: {cell.told}; the log ends with event {head.seq}.")
    return ExitCode.FINE


def _form(schemas: Schemas, form_id: str) -> Form:
    for form in schemas.forms:
        if form.id == form_id:
            return form
    known = ", ".join(form.id for form in schemas.forms)
    raise EvidenceError(f"--form {form_id}: the trial has no such form; its forms are {known}")


def _masked(compared: EntriesCompared, schemas: Schemas) -> EntriesCompared:
    """The same without what names a person."""
    texts = ("first", "second", "now")
    rows = compared.cells.select("form", "item", *texts).rows()
    shown = [
        tuple(None if each is None else for_display_of(schemas, form, item, each) for each in said)
        for form, item, *said in rows
    ]
    frame = pl.DataFrame(shown, schema=dict.fromkeys(texts, pl.String), orient="row")
    return replace(compared, cells=compared.cells.with_columns(frame))


def _show_differences(open_: pl.DataFrame, screen: Screen) -> None:
    if open_.is_empty():
        screen.say("No difference of two entries waits for a decision.", Tone.GOOD)
        return
    number = len(open_)
    screen.say(
        f"{number:,} {by_number(number, 'difference waits', 'differences wait')} for a decision:",
        Tone.WARNING,
    )
    rows = open_.head(_LISTED).select(
        "subject_id", "visit", "repeat", pl.concat_str("form", pl.lit("."), "item"),
        "first", "second", "first_person", "second_person",
    )  # fmt: skip
    screen.show_rows(_HEADS, [tuple(map(str, row)) for row in rows.rows()])
    if number > _LISTED:
        screen.say(f"... and {number - _LISTED:,} more; --to FILE.csv writes all of them")


def _show_withheld(number: int, screen: Screen) -> None:
    """That arms were entered twice, of whomever; whether the entries differ is not told."""
    if number:
        screen.say(
            f"{counted(number, 'answer')} entered twice {by_number(number, 'tells', 'tell')} an arm, withheld from "
            "your role; whether both entries agree is seen by who reads arms.",
            Tone.WARNING,
        )


def _show_agreement(compared: EntriesCompared, screen: Screen) -> None:
    if compared.cells.is_empty():
        else_ = " else" if compared.withheld else ""
        screen.say(f"Nothing{else_} was entered a second time.")
        return
    for by, head in (
        (AgreementBy.ITEM, "answer"),
        (AgreementBy.FIRST, "first entry by"),
        (AgreementBy.SECOND, "second entry by"),
    ):
        rows = compared.agreement(by).rows()
        screen.show_rows(
            (head, "entered twice", "agreed", "share"),
            [
                (".".join(who), f"{n:,}", f"{same:,}", f"{share:.1%}")
                for *who, n, same, share in rows
            ],
        )
