"""A calendar of visits: what is written is read back by its own library, whatever the texts are."""

from dataclasses import replace
from datetime import date, timedelta

import icalendar
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tests.miniature import protocol
from trialkit.outputs.visit_calendar import CALENDAR, TABLE, visit_calendar, visit_files

MADE = date(2025, 3, 1)
TEXTS = st.text(min_size=1, max_size=80)
VISITS = st.lists(
    st.tuples(TEXTS, TEXTS, st.integers(0, 400), st.integers(0, 30), st.integers(0, 30)), max_size=4
)


def frame(rows):
    start = pd.Timestamp(2025, 1, 1)
    table = pd.DataFrame(rows, columns=["subject_id", "label", "day", "early", "late"])
    target = start + pd.to_timedelta(table["day"], unit="D")
    return pd.DataFrame(
        {
            "subject_id": table["subject_id"],
            "site": "01",
            "visit": [f"V{number}" for number in range(len(table))],
            "label": table["label"],
            "earliest": target - pd.to_timedelta(table["early"], unit="D"),
            "target": target,
            "hour": "",
            "latest": target + pd.to_timedelta(table["late"], unit="D"),
            "forms": table["label"],
        }
    )


@given(rows=VISITS)
def test_each_visit_is_an_event_as_long_as_its_window(rows):
    visits = frame(rows)
    content = visit_calendar(visits, protocol(), made_on=MADE)
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert [each.decoded("dtstart") for each in events] == visits["earliest"].dt.date.tolist()
    last = [day + timedelta(days=1) for day in visits["latest"].dt.date]
    assert [each.decoded("dtend") for each in events] == last
    assert len({str(each["uid"]) for each in events}) == len(visits)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(byte < 32 and byte not in b"\r\n" for byte in content)
    assert content.count(b"BEGIN:VEVENT") == len(visits)


def test_the_same_visits_give_the_same_bytes_and_say_that_they_are_synthetic():
    trial = protocol()
    made_up = replace(trial, trial=replace(trial.trial, synthetic="Synthetic, for testing"))
    visits = frame([("S1", "Week 6", 42, 3, 7)])
    files = visit_files(visits, made_up, made_on=MADE)
    assert files == visit_files(visits, made_up, made_on=MADE)
    text = files[CALENDAR].decode()
    assert "SUMMARY:S1: Week 6\\, planned for 2025-02-12" in text
    assert "Synthetic\\, for testing" in text.replace("\r\n ", "")
    assert "DTSTAMP:20250301T000000Z" in text
    (_, row) = files[TABLE].decode().splitlines()
    assert (
        row == 'S1,01,V0,Week 6,2025-02-09,2025-02-12,,2025-02-19,"Week 6; Synthetic, for testing"'
    )


def test_a_visit_with_an_hour_has_it_in_its_event():
    visits = frame([("S1", "After the session", 0, 0, 0)]).assign(hour="30 min after")
    content = visit_calendar(visits, protocol(), made_on=MADE).decode().replace("\r\n ", "")
    assert "SUMMARY:S1: After the session\\, planned for 2025-01-01\\, 30 min after" in content


def test_without_visits_there_is_a_table_alone():
    assert set(visit_files(frame([]), protocol(), made_on=MADE)) == {TABLE}
