"""Events stand under the arm received, other care under the arm allocated; codes have their words."""

from pathlib import Path

import pandas as pd
import pytest

from tests.datasets.small import CHOICE, DATE, FORMS, TEXT, YES_NO, form, small
from trialkit.datasets.events import (
    derive_adverse_events,
    derive_concomitant,
    rows_of,
    text_of,
)
from trialkit.datasets.subjects import derive_subjects
from trialkit.results.harms import EventFact
from trialkit.schemas.forms.forms import FormKind, Purpose


def plain(frame: pd.DataFrame) -> list[list[object]]:
    """The rows with missing values as None."""
    return frame.astype("object").where(frame.notna(), None).to_numpy().tolist()


def test_each_event_of_who_was_randomised_is_a_row(tmp_path: Path) -> None:
    """S2 of placebo was given the active treatment; S4 was never randomised; S3 received nothing."""
    sources, protocol = small(tmp_path)
    found = derive_adverse_events(sources, derive_subjects(sources, protocol))
    day = pd.Timestamp
    assert list(found) == [
        "subject_id", "arm", "term", "severity", "serious", "related", "led_to_withdrawal",
        "event_class", "start_earliest", "start_latest", "before_randomisation", "not_asked",
    ]  # fmt: skip
    assert not any(found["not_asked"])
    assert plain(found.drop(columns=["not_asked", "event_class"])) == [
        [
            "S1",
            "A",
            "Bruise",
            "Severe",
            False,
            True,
            False,
            day("2025-01-20"),
            day("2025-01-20"),
            False,
        ],
        ["S1", "A", "Ache", "Mild", True, False, False, day("2025-01-14"), day("2025-01-14"), True],
        # on the day of randomisation is not before it
        [
            "S2",
            "A",
            "Fall",
            "Severe",
            False,
            False,
            True,
            day("2025-01-16"),
            day("2025-01-16"),
            False,
        ],
        # received nothing, so that no arm can have caused it
        ["S3", None, "Bruise", "Mild", None, True, False, None, None, None],
    ]
    assert list(found["severity"].cat.categories) == ["Mild", "Severe", "Unbearable"]
    assert found["severity"].cat.ordered


def test_severity_in_free_text_has_no_order(tmp_path: Path) -> None:
    free = FORMS["adverse_events"].replace(
        CHOICE.format("how_bad", "event_severity"), TEXT.format("how_bad", "event_severity")
    )
    sources, protocol = small(tmp_path, forms={"adverse_events": free})
    found = derive_adverse_events(sources, derive_subjects(sources, protocol))
    assert list(found["severity"]) == ["2", "1", "2", "1"]
    assert not isinstance(found["severity"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize(
    ("began", "earliest", "latest", "before"),
    [
        # S5 was randomised on 18 January 2025
        ("2025-01-17", "2025-01-17", "2025-01-17", True),
        ("2025-01-18", "2025-01-18", "2025-01-18", False),
        ("2024-12", "2024-12-01", "2024-12-31", True),
        ("2024", "2024-01-01", "2024-12-31", True),
        ("2025-01", "2025-01-01", "2025-01-31", None),
        ("2025-UN-UN", "2025-01-01", "2025-12-31", None),
        ("2025-02-UN", "2025-02-01", "2025-02-28", False),
        ("UNK", None, None, None),
        ("", None, None, None),
    ],
)
def test_a_date_known_in_part_lies_before_only_if_all_of_it_does(
    tmp_path: Path, began: str, earliest: str | None, latest: str | None, before: bool | None
) -> None:
    partial = FORMS["adverse_events"].replace(
        DATE.format("began", "event_start"),
        DATE.format("began", "event_start").replace('"date"', '"partial_date"'),
    )
    head = "subject_id,repeat,what,began,how_bad,serious,related,left\n"
    sources, protocol = small(
        tmp_path, forms={"adverse_events": partial},
        adverse_events=f"{head}S5,1,Itch,{began},1,no,no,no\n",
    )  # fmt: skip
    found = derive_adverse_events(sources, derive_subjects(sources, protocol))
    row = plain(found)[0]
    assert row[-4:-1] == [
        earliest and pd.Timestamp(earliest),
        latest and pd.Timestamp(latest),
        before,
    ]


def test_terms_are_one_whatever_their_capitals_and_spaces(tmp_path: Path) -> None:
    rows = """
        subject_id,repeat,what,began,how_bad,serious,related,left
        S1,1,Back pain,2025-01-20,1,no,no,no
        S1,2,back  pain ,2025-01-20,1,no,no,no
        S2,1,Back pain,2025-01-20,1,no,no,no
        S2,2,UNK,2025-01-20,1,no,no,no
    """
    sources, protocol = small(tmp_path, adverse_events=rows)
    found = derive_adverse_events(sources, derive_subjects(sources, protocol))
    assert [row[2] for row in plain(found)] == ["Back pain"] * 3 + [None]


def test_what_an_event_is_not_asked_is_told_from_what_nobody_recorded(tmp_path: Path) -> None:
    """Relation is asked of serious events alone: nobody knows whether the third was to be asked."""
    related = YES_NO.format("related", "event_related")
    asking = FORMS["adverse_events"].replace(related, f'{related}shown_when = "serious = TRUE"\n')
    head = "subject_id,repeat,what,began,how_bad,serious,related,left\n"
    rows = ["no,,no", "yes,,no", "UNK,,no", "yes,yes,no"]
    sources, protocol = small(
        tmp_path, forms={"adverse_events": asking},
        adverse_events=head + "".join(
            f"S5,{place},Itch,2025-02-01,1,{flags}\n" for place, flags in enumerate(rows, 1)
        ),
    )  # fmt: skip
    found = derive_adverse_events(sources, derive_subjects(sources, protocol))
    related_alone = frozenset({EventFact.RELATED})
    assert list(found["not_asked"]) == [related_alone, frozenset(), frozenset(), frozenset()]


def test_what_the_form_does_not_ask_is_missing(tmp_path: Path) -> None:
    short = form(
        "adverse_events",
        TEXT.format("what", "event_term"),
        DATE.format("began", "event_start"),
        expected="as_needed",
        repeating=True,
    )
    rows = "subject_id,repeat,what,began\nS5,1,Itch,2025-01-17\n"
    sources, protocol = small(tmp_path, forms={"adverse_events": short}, adverse_events=rows)
    found = derive_adverse_events(sources, derive_subjects(sources, protocol))
    day = pd.Timestamp("2025-01-17")
    kept = ["S5", None, "Itch", None, None, None, None, None, day, day, True, frozenset()]
    assert plain(found) == [kept]


def test_other_care_stands_under_the_arm_allocated(tmp_path: Path) -> None:
    sources, protocol = small(tmp_path)
    found = derive_concomitant(sources, derive_subjects(sources, protocol))
    assert list(found) == ["subject_id", "arm", "term"]
    assert plain(found) == [
        ["S5", "A", "Massage"],
        ["S2", "P", "Withdrew"],
        ["S5", "A", "Withdrew"],
    ]


def test_what_a_form_lists_is_there_although_nobody_had_it(tmp_path: Path) -> None:
    sources, protocol = small(tmp_path, concomitant_care="subject_id,repeat,care\nS5,1,m\n")
    found = derive_concomitant(sources, derive_subjects(sources, protocol))
    assert list(found["term"].cat.categories) == ["Massage", "Withdrew"]


def test_a_trial_without_these_forms_has_no_rows(tmp_path: Path) -> None:
    sources, protocol = small(tmp_path, without=("adverse_events", "concomitant_care"))
    subjects = derive_subjects(sources, protocol)
    events = derive_adverse_events(sources, subjects)
    assert events.empty
    assert list(events)[:4] == ["subject_id", "arm", "term", "severity"]
    care = derive_concomitant(sources, subjects)
    assert care.empty
    assert list(care) == ["subject_id", "arm", "term"]


def test_the_rows_and_texts_of_a_form_are_those_entered(tmp_path: Path) -> None:
    sources, _ = small(tmp_path)
    own = sources.schemas.of_kind(FormKind.ADVERSE_EVENTS)
    rows = rows_of(sources, own)
    assert list(rows) == ["subject_id"]
    assert list(rows["subject_id"]) == ["S1", "S1", "S2", "S3", "S4"]
    severity = text_of(sources, own, Purpose.EVENT_SEVERITY, rows.index)
    assert list(severity) == ["Severe", "Mild", "Severe", "Mild", "Mild"]
    assert text_of(sources, own, Purpose.SITE, rows.index).isna().all()
    assert rows_of(sources, None).empty


def test_the_class_of_an_event_is_kept_as_the_form_lists_it(tmp_path: Path) -> None:
    own = form(
        "adverse_events",
        TEXT.format("what", "event_term"),
        CHOICE.format("organ", "event_class"),
        expected="as_needed",
        repeating=True,
    )
    rows = "subject_id,repeat,what,organ\nS5,1,Itch,1\nS5,2,Ache,\n"
    sources, protocol = small(tmp_path, forms={"adverse_events": own}, adverse_events=rows)
    found = derive_adverse_events(sources, derive_subjects(sources, protocol))
    first, second = found["event_class"]
    assert first in set(found["event_class"].cat.categories)
    assert pd.isna(second)
