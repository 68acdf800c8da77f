"""The table of ordinal outcomes: arms beside each other, levels in their order, then the effect."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.line import line_of
from tests.report.kinds_of_trial import KINDS, write_trial
from trialkit.report.content.tables import Row, Table
from trialkit.report.tables.levels import levels_table, median_level
from trialkit.results.lookup import NOTHING, ResultIndex
from trialkit.results.results import Results

NB = "\N{NO-BREAK SPACE}"


@cache
def table(name: str = "ordinal primary") -> tuple[Table, ResultIndex]:
    with TemporaryDirectory() as place:
        line = line_of(write_trial(Path(place) / "trial", KINDS[name]))
    index = ResultIndex(line.results)
    found = levels_table(line.protocol, index)
    assert found is not None
    return found, index


def plain(row: Row) -> tuple[str, ...]:
    return (row.head, *(cell.text.replace(NB, " ") for cell in row.cells))


def test_arms_stand_beside_each_other_and_levels_in_their_order() -> None:
    found, index = table()
    assert [head.text for head in found.heads] == ["Usual care", "Training"]
    first, second = found.groups
    assert first.head.endswith("primary outcome, week 8, higher is better")
    assert [plain(row) for row in first.rows] == [
        ("Analysed", "40", "40"),
        ("With data", "40", "40"),
        ("Much worse", "2 (5%)", "1 (3%)"),
        ("Worse", "7 (18%)", "5 (13%)"),
        ("Unchanged", "16 (40%)", "6 (15%)"),
        ("Improved", "7 (18%)", "16 (40%)"),
        ("Much improved", "8 (20%)", "12 (30%)"),
        (
            "Median level (quartiles)",
            "Unchanged (Unchanged to Improved)",
            "Improved (Unchanged to Much improved)",
        ),
        (
            "Adjusted common odds ratio of a higher level (95% CI)",
            "reference",
            "2.39 (1.06 to 5.49)",
        ),
        ("p", "", "0.035"),
    ]
    # the levels of an outcome stand once, whatever analyses it has
    assert [row.head for row in second.rows] == ["Analysed", "Win odds (95% CI)", "p"]
    for group in found.groups:
        for cell in (cell for row in group.rows for cell in row.cells):
            assert all(index.row(name) for name in cell.results)


def test_notes_say_which_way_an_effect_goes() -> None:
    found, _ = table()
    said = " ".join(found.notes)
    assert "a ratio above 1 means higher levels under the experimental arm" in said
    assert "limits are of the profile likelihood, and p is of the likelihood ratio test" in said
    assert "at a better level than one of the reference arm" in said
    assert {claim.part for claim in found.claims} == {
        "number analysed", "number with data", "result of each group", "effect with interval",
    }  # fmt: skip
    assert not any(claim.lacks for claim in found.claims)


def test_of_three_arms_each_is_compared_with_the_reference() -> None:
    found, _ = table("ordinal primary of three arms, lower is better")
    assert [head.text for head in found.heads] == ["Usual care", "Training", "Walking"]
    rows = {row.head: plain(row) for row in found.groups[0].rows}
    assert rows["Common odds ratio of a higher level (95% CI)"][1] == "reference"
    assert list(rows)[2] == "Much improved"
    assert found.groups[0].head.endswith("lower is better")


def test_without_a_value_there_is_no_middle() -> None:
    assert median_level(NOTHING) == "\N{EM DASH}"


def test_without_ordinal_outcomes_there_is_no_table() -> None:
    with TemporaryDirectory() as place:
        protocol = line_of(write_trial(Path(place) / "trial", KINDS["two arms"])).protocol
    assert levels_table(protocol, ResultIndex(Results(rows=()))) is None
