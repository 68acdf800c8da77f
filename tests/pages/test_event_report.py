"""A report of a serious adverse event on one page: in words, without an arm or a person's name."""

import re
from argparse import Namespace
from pathlib import Path

import pytest

from trialkit.cli.commands import event_report
from trialkit.cli.main import main
from trialkit.newtrial.writing import write_new_trial
from trialkit.pages.codebook_page import find_form_templates
from trialkit.pages.event_report import EventReport, answers, render_report
from trialkit.schemas.forms.forms import FormKind
from trialkit.steps.opening import open_trial

CELLS = {
    "subject_id": "001", "repeat": "1", "event_number": "1", "report": "initial", "term": "Fall #1",
    "onset": "2025-03-UN", "criteria": "hospital important", "severity": "ND", "causality": "unlikely",
    "expectedness": "expected", "action": "none", "known_at": "2025-03-02 10:00",
    "reported_at": "2025-03-02 12:00", "outcome": "ongoing", "ended_on": "", "narrative": "Fell.",
}  # fmt: skip


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sae") / "trial"
    write_new_trial(folder)
    assert main(["instruments", "add", str(folder), "sae"]) == 0
    data = folder / "data" / "sae.csv"
    heading = data.read_text(encoding="utf-8").splitlines()[0]
    rows = [",".join(CELLS[name] for name in heading.split(","))]
    rows.append(rows[0].replace("001,1,1", "001,2,1"))
    data.write_text("\n".join([heading, rows[0], rows[1], ""]), encoding="utf-8")
    return folder


def pages(document: bytes) -> int:
    """How many pages the PDF has, which its tree of pages counts."""
    (count,) = re.findall(rb"/Type\s*/Pages\s*/Count\s+([0-9]+)", document)
    return int(count)


def test_each_question_has_its_answer_in_words(trial) -> None:
    opened = open_trial(trial)
    form = opened.schemas.of_kind(FormKind.SERIOUS_EVENTS)
    assert form is not None
    said = dict(answers(form, CELLS, opened.schemas.data))
    assert len(said) == len(form.asked)
    assert said["Why it is serious"] == (
        "Required or prolonged a stay in hospital; Other medically important event"
    )
    assert said["Severity"] == "no value: not done"
    assert said["First day of the event"] == "2025-03-UN"
    assert said["Day of recovery or death"] == "–"
    assert said["Outcome"] == "Not recovered"


def test_it_is_the_same_page_each_time_and_a_long_story_shrinks_onto_it(trial) -> None:
    opened = open_trial(trial)
    form = opened.schemas.of_kind(FormKind.SERIOUS_EVENTS)
    assert form is not None

    def set_page(narrative: str) -> bytes:
        report = EventReport(form=form, cells=CELLS | {"narrative": narrative})
        protocol, data = opened.protocol, opened.schemas.data
        return render_report(report, protocol, data, find_form_templates())

    once = set_page("Fell.")
    assert once == set_page("Fell.")
    assert once.startswith(b"%PDF")
    assert pages(once) == pages(set_page("Fell on the stairs of the clinic. " * 60)) == 1
    assert pages(set_page("Fell on the stairs of the clinic. " * 600)) > 1, "nothing is left out"


def test_a_file_is_written_for_the_report_that_is_meant(trial, capsys) -> None:
    call = Namespace(trial=trial, subject="001", number="2", out=None)
    assert event_report.run(call) == 0
    assert (trial / "output" / "sae_001_2.pdf").read_bytes().startswith(b"%PDF")
    capsys.readouterr()
    for call, words in (
        (["001"], "has several reports; name one by --number, of 1, 2"),
        (["001", "--number", "3"], "no report with the number '3'"),
        (["../x"], "has no row of participant '../x'"),
    ):
        assert main(["forms", "sae", str(trial), *call]) == 2
        assert words in capsys.readouterr().err


def test_a_trial_without_the_form_is_told_where_to_get_it(tmp_path, capsys) -> None:
    write_new_trial(tmp_path / "trial")
    assert main(["forms", "sae", str(tmp_path / "trial"), "001"]) == 2
    assert "instruments add" in capsys.readouterr().err
