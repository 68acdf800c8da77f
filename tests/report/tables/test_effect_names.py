"""Every effect that is no difference is called what it is: in rows, heads, notes and the methods text."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.line import Line, line_of
from tests.report.kinds_of_trial import KINDS, write_trial
from tests.report.return_to_sport import write_return_to_sport
from trialkit.report.content.tables import Table
from trialkit.report.tables.additional import additional_table
from trialkit.report.tables.at_visits import visits_table
from trialkit.report.tables.effect_names import order_note
from trialkit.report.tables.levels import levels_table
from trialkit.report.words.en.sentences.comparisons import general_sentences
from trialkit.report.words.language.account import Account
from trialkit.results.effect import Scale
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat

ORDINAL, LOWER = "ordinal primary", "ordinal primary of three arms, lower is better"
LOG_RANK = """
[[analyses]]
id = "ranks"
role = "sensitivity"
outcomes = ["return"]
population = "itt"
estimand = "E1"
method = "log_rank"

[[analyses]]
id = "crude"
role = "secondary"
outcomes = ["return"]
population = "itt"
estimand = "E1"
method = "cox"
"""


@cache
def line(name: str) -> Line:
    with TemporaryDirectory() as place:
        return line_of(write_trial(Path(place) / "trial", KINDS[name]))


@pytest.fixture(scope="module")
def sport(tmp_path_factory: pytest.TempPathFactory) -> Line:
    folder = tmp_path_factory.mktemp("sport") / "trial"
    return line_of(write_return_to_sport(folder, more=LOG_RANK, competing=False))


def further(one: Line) -> Table:
    found = additional_table(one.protocol, ResultIndex(one.results))
    assert found is not None
    return found


def at_visits(one: Line) -> Table:
    found = visits_table(one.protocol, ResultIndex(one.results))
    assert found is not None
    return found


def test_a_visit_has_the_effect_that_its_analysis_is_named_for() -> None:
    """The win probability, which the results state first, is not printed under win odds."""
    one = line(ORDINAL)
    *_, pairs = at_visits(one).groups
    stated = {
        row.method: row.stat
        for row in one.results.rows
        if (row.analysis_id, row.stat_name) == ("pairs", Stat.ESTIMATE)
    }
    assert pairs.rows[-1].cells[-1].text.startswith(f"{stated['win_odds']:.2f} (")
    assert f"{stated['win_odds']:.2f}" != f"{stated['win_probability']:.2f}"


def test_two_analyses_of_an_outcome_have_heads_of_their_own_at_visits(sport: Line) -> None:
    table = at_visits(line(ORDINAL))
    assert [each.head for each in table.groups] == [
        "Global perceived effect \N{EN DASH} adjusted common odds ratio of a higher level",
        "Much better \N{EN DASH} differences in percentage points",
        "Pain, mm",
        "Global perceived effect \N{EN DASH} win odds, secondary analysis",
    ]
    assert ". Comparisons with the reference arm are given where" in table.notes[0]
    heads = [each.head for each in at_visits(sport).groups]
    assert heads[0] == "Return to sport \N{EN DASH} hazard ratio"
    assert len(heads) == len({*heads})


def test_a_row_of_additional_analyses_names_what_it_states(sport: Line) -> None:
    assert [row.head for row in further(line(ORDINAL)).rows] == [
        "Van Elteren's test (sensitivity), probability of the higher level within strata",
        "Win ratio (exploratory), probability of the better level",
        "Win ratio (exploratory), win odds",
        "Win ratio (exploratory)",
        "Win ratio (exploratory), net benefit",
    ]
    assert [row.head for row in further(sport).rows] == [
        "Log-rank test (sensitivity), hazard ratio"
    ]


def test_a_probability_of_higher_levels_says_where_lower_is_better() -> None:
    """Beside it stands the probability of the better level, which runs the other way."""
    heads = [row.head for row in further(line(LOWER)).rows]
    ranks = [head for head in heads if head.startswith("Van Elteren")]
    named = "probability of the higher level within strata (lower is better)"
    assert [head.endswith(named) for head in ranks] == [True, True]
    assert any(head.endswith("probability of the better level") for head in heads)


def test_a_common_odds_ratio_is_adjusted_where_the_model_has_covariates() -> None:
    for name, words in ((ORDINAL, "Adjusted common odds"), (LOWER, "Common odds")):
        one = line(name)
        table = levels_table(one.protocol, ResultIndex(one.results))
        assert table is not None
        assert [row.head for row in table.rows if "common odds" in row.head.lower()] == [
            f"{words} ratio of a higher level (95% CI)"
        ]


def test_a_note_says_experimental_minus_reference_of_differences_alone(sport: Line) -> None:
    assert further(sport).notes[1].startswith("Ratios are experimental over reference. P")
    minus = "experimental minus reference, in the unit of the outcome where no other is named"
    assert order_note([None]) == order_note([]) == f"Effects are {minus}."
    assert order_note([Scale.PERCENTAGE_POINTS, Scale.RATIO, Scale.PROBABILITY]) == (
        f"Differences are {minus}; ratios are experimental over reference; probabilities are of "
        "experimental against reference."
    )


def test_the_methods_say_minus_of_differences_alone(sport: Line) -> None:
    protocol = sport.protocol
    said = general_sentences(Account(protocol=protocol))
    both = "Differences are experimental (Training) minus reference (Usual care) and ratios experimental over"
    assert said.startswith(both)
    only = tuple(each for each in protocol.plan.analyses if each.outcomes == ("return",))
    alone = replace(protocol, plan=replace(protocol.plan, analyses=only))
    said = general_sentences(Account(protocol=alone))
    assert said.startswith("Ratios are experimental (Training) over reference (Usual care), with")
    assert "inus" not in said
