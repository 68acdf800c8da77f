import polars as pl
import pytest

from tests.evidence.world import cell, every_event, row, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.projection import FormsState, named, of_form, replayed


def numbered(said: list[dict[str, object]]) -> pl.DataFrame:
    return entries(said).with_row_index("seq", offset=1)


def test_replayed_log_is_the_rows_that_are_there(kept):
    small_history(kept.store)

    state = replayed([every_event(kept.store)])

    assert [
        (key[1], found.cells, found.position, found.seq) for key, found in of_form(state, "pain")
    ] == [
        ("P1", {"vas": "75"}, 3, 8),
        ("P2", {"vas": "31", "note": "sat down"}, 5, 7),
    ]


def test_entry_that_names_a_text_that_is_not_there_is_refused():
    state = FormsState(forms={"pain": ("subject_id", "visit", "vas")})
    state.carry_out(numbered([row("P1"), cell("P1", "vas", "", "57")]))

    with pytest.raises(EvidenceError, match=r"pain, P1, week_0, vas: holds '57' now and not '58'"):
        state.carry_out(numbered([cell("P1", "vas", "58", "60")]))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (("pain", "P1", "week_0", "", 0), "pain, P1, week_0"),
        (("ae", "P1", "", "3", 0), "ae, P1, repeat 3"),
        (("pain", "P1", "week_0", "", 1), "pain, P1, week_0, row 2 of this key"),
    ],
)
def test_row_in_words(key, words):
    assert named(key) == words
