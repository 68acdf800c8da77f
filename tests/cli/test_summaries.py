"""The short summaries on the screen: counts, the worst, and how the queries stand."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.checks.validated import validated
from tests.miniature import Miniature
from trialkit.checks.queries.queries import Event, Happening
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import (
    on_earlier_outputs,
    show_counts,
    show_files,
    show_findings,
    show_queries,
    show_who_is_not_waited_for,
)
from trialkit.schemas.forms.forms import Expected, FormKind

LISTING = Path("out", "findings.csv")


def broken(*changes):
    trial = Miniature()
    for form, old, new in changes:
        assert trial.data[form].count(old) == 1
        trial.data[form] = trial.data[form].replace(old, new)
    return trial


TWO_HARD_ONE_SOFT = (
    ("pain", "S2,BL,2025-01-15,60", "S2,BL,2025-01-15,96"),
    ("pain", "S1,BL,2025-01-14,50", "S1,BL,2025-01-14,500"),
    ("pain", "S2,W6,2025-02-26,55,r,no,\n", ""),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return validated(broken(*TWO_HARD_ONE_SOFT), tmp_path_factory.mktemp("trial"))


def lines(capsys):
    return capsys.readouterr().out.splitlines()


def settled(found, subject):
    """The same, after the query about this subject was confirmed."""
    query = next(each for each in found.queries.by_key.values() if each.subject_id == subject)
    answer = Event(
        on="2025-03-01",
        event=Happening.ANSWERED,
        query_key=query.query_key,
        asked=query.asked,
        answer="confirmed",
        reason="so",
        answered_by="Ann",
    )
    return replace(found, queries=found.queries.followed_by([answer]))


def test_counts_are_said_by_severity_with_the_title_and_how_to_see_them(found, capsys):
    show_counts(found, Screen())

    assert lines(capsys) == [
        "Mini",
        f"Findings: 2 hard, 1 soft, 0 note. See them: trialkit validate {found.trial.folder}",
    ]


def test_a_warning_and_the_label_of_synthetic_data_are_said_first(found, capsys):
    protocol = found.trial.protocol
    labelled = replace(protocol, trial=replace(protocol.trial, synthetic="Made up"))

    show_counts(
        replace(found, trial=replace(found.trial, protocol=labelled)), Screen(), warning="too few"
    )

    assert lines(capsys)[:3] == ["Mini", "Made up", "Warning: too few"]


def test_the_worst_findings_are_listed_hard_ones_first(found, capsys):
    show_findings(found, [LISTING], Screen())

    said = lines(capsys)
    assert said[1] == f"Findings: 2 hard, 1 soft, 0 note. Listing: {LISTING}"
    assert said[2] == "severity  subject  visit  form.item  message"
    assert said[3].startswith("hard  S1  BL  pain.vas_mm  Pain: 500 mm cannot be right")
    assert said[4].startswith("hard  S2  W6  pain  There is no 'Pain' row at W6")
    assert said[5].startswith("soft  S2  BL  pain.vas_mm  Pain: 96 mm is unusual")
    assert len(said) == 6


def test_what_was_settled_is_counted_and_not_listed(tmp_path, capsys):
    soft = validated(broken(TWO_HARD_ONE_SOFT[0]), tmp_path)

    show_findings(settled(soft, "S2"), [LISTING], Screen())

    assert lines(capsys) == [
        "Mini",
        (
            "Findings: 0 hard, 1 soft, 0 note (1 of the soft ones settled by an answer). "
            f"Listing: {LISTING}"
        ),
    ]


@pytest.mark.parametrize(("wrong", "more"), [(10, 0), (12, 2)])
def test_ten_are_listed_and_the_rest_counted(wrong, more, tmp_path, capsys):
    trial = Miniature()
    trial.data["diary"] = "subject_id,repeat,started,note\n" + "".join(
        f"S1,{number},25:{number:02},\n" for number in range(wrong)
    )

    show_findings(validated(trial, tmp_path), [LISTING, Path("else")], Screen())

    said = lines(capsys)
    listed = [line for line in said if line.startswith("hard  S1")]
    assert [line.split("'")[1] for line in listed] == [f"25:{number:02}" for number in range(10)]
    assert [line.split("  ")[2] for line in listed] == [f"no. {number}" for number in range(10)]
    assert said[13:] == ([f"... and {more} more in {LISTING}"] if more else [])


def test_without_a_form_of_the_randomised_it_is_said_whose_rows_nobody_looks_for(found, capsys):
    show_who_is_not_waited_for(found.trial, Screen())
    assert lines(capsys) == []
    forms = found.trial.schemas.forms
    others = tuple(form for form in forms if form.kind is not FormKind.RANDOMISATION)
    waiting = [form.id for form in others if form.expected is Expected.RANDOMISED]
    schemas = replace(found.trial.schemas, forms=others)
    show_who_is_not_waited_for(replace(found.trial, schemas=schemas), Screen())
    (said,) = lines(capsys)
    assert said.endswith(f"are not looked for: {', '.join(waiting)}.")


def test_queries_are_counted_with_what_is_new_about_them(found, capsys):
    show_queries(found, Screen(), are_kept=True)

    assert lines(capsys) == [
        "Queries: 3 open, 0 answered, 0 closed",
        "Since the last validation: 3 opened",
    ]


def test_only_what_happened_since_is_news(found, tmp_path, capsys):
    now = validated(broken(*TWO_HARD_ONE_SOFT[:2]), tmp_path, before=found.queries)

    show_queries(now, Screen(), are_kept=True)

    assert lines(capsys) == [
        "Queries: 2 open, 0 answered, 1 closed",
        "Since the last validation: 1 closed",
    ]


def test_queries_that_were_left_alone_are_said_to_be(found, capsys):
    show_queries(found, Screen(), are_kept=False)
    assert lines(capsys)[1:] == ["They were left as they are."]

    show_queries(replace(found, looks_back=True), Screen(), are_kept=True)
    assert lines(capsys)[1:] == [
        (
            "They were left as they are: the data cut 2025-02-27 lies before that of the last "
            "validation ()."
        )
    ]

    show_queries(replace(found, queries=found.queries_before), Screen(), are_kept=True)
    assert lines(capsys) == []


def test_files_are_named_one_a_line(capsys):
    show_files([Path("a/b.csv"), Path("c.html")], Screen())

    assert lines(capsys) == ["  a/b.csv", "  c.html"]


def test_a_report_of_other_data_is_named(found, tmp_path):
    def hashes(protocol):
        return {
            "protocol": {"file": "protocol.toml", "sha256": protocol},
            "forms": [
                {"file": form.file, "sha256": form.sha256} for form in found.trial.schemas.forms
            ],
            "data": [
                {"file": file, "sha256": digest} for file, digest in found.snapshot.sha256_of_files
            ],
            "data_cut": "2025-02-27",
        }

    def said(**changed):
        own = hashes(found.trial.protocol.source_sha256)
        (tmp_path / "manifest.json").write_text(json.dumps(own | changed), "utf-8")
        return on_earlier_outputs(found, tmp_path)

    assert said() == []
    note = [
        (
            f"Note: {tmp_path / 'report.html'} was made from other data or another protocol than "
            f"these; make it again: trialkit run {found.trial.folder}"
        )
    ]
    assert said(data_cut="2025-02-28") == note
    assert said(protocol={"file": "protocol.toml", "sha256": "1" * 64}) == note
    (tmp_path / "manifest.json").unlink()
    assert on_earlier_outputs(found, tmp_path) == []
