"""``trialkit codebook TRIAL``: what is asked, as a page, as a table, and as forms to print."""

from argparse import Namespace

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_what_is_lacking
from trialkit.errors import TrialStep
from trialkit.files.spreadsheets import csv_bytes
from trialkit.files.whole_files import output_folder, write_files
from trialkit.pages.codebook import describe
from trialkit.pages.codebook_page import (
    COLUMNS,
    codebook_rows,
    find_form_templates,
    render_codebook,
)
from trialkit.pages.crf import render_book, render_crf
from trialkit.steps.opening import open_trial


def run(arguments: Namespace) -> ExitCode:
    """Write ``codebook.html``, ``codebook.csv``, ``crf.pdf`` and ``book.pdf``."""
    screen = Screen()
    out = output_folder(arguments.trial, arguments.out)
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    with screen.working("Writing the codebook"):
        codebook = describe(trial.protocol, trial.schemas)
        templates = find_form_templates()
        files = {
            "codebook.html": render_codebook(codebook, templates).encode("utf-8"),
            "codebook.csv": csv_bytes(COLUMNS, codebook_rows(codebook)),
            "crf.pdf": render_crf(codebook, templates),
            "book.pdf": render_book(codebook, templates),
        }
    for path in write_files(files, out):
        screen.say_as_it_is(f"  {path}")
    show_what_is_lacking(trial, screen)
    return ExitCode.FINE
