"""Tables as they would be after some entries, judged before these are written."""

import polars as pl
import pytest

from trialkit.evidence.contents.comparing import between
from trialkit.evidence.contents.judged_beforehand import tables_after


def table(*rows):
    names = ("subject_id", "visit", "vas", "note")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


HELD = table(("1", "BL", "5", ""), ("1", "W6", "3", "x"), ("2", "BL", "", ""), ("2", "BL", "7", ""))


@pytest.mark.parametrize(
    "after",
    [
        HELD,
        table(
            ("1", "BL", "6", "y"), ("1", "W6", "", ""), ("2", "BL", "", ""), ("2", "BL", "8", "")
        ),
        table(("1", "BL", "5", ""), ("2", "BL", "", "")),
        pl.concat([HELD, table(("3", "BL", "1", ""), ("4", "", "", ""))]),
        HELD.clear(),
    ],
    ids=["same", "cells", "gone", "added", "none"],
)
def test_entries_that_lie_between_two_states_lead_from_one_to_the_other(after):
    entries = between({"pain": HELD}, {"pain": after})
    assert tables_after({"pain": HELD}, entries)["pain"].equals(after)


def test_form_that_nobody_opened_and_no_entry_is_of_stays_as_it_is():
    entries = between({"pain": HELD}, {"pain": HELD})
    assert tables_after({"pain": HELD, "sae": HELD}, entries)["sae"].equals(HELD)
