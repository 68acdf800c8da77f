"""Times compared at one time, and where events compete: tables, sentences and words of whole trials."""

import pytest

from tests.line import Line, line_of
from tests.report.return_to_sport import write_return_to_sport
from trialkit.report.figures.forest_columns import better_words
from trialkit.report.sections.results_text import primary_headlines, primary_result
from trialkit.report.tables.headlines import main_headlines
from trialkit.report.tables.times import times_table
from trialkit.report.words.en.times import at_times, censoring_words, competing_words
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat

ANALYSIS = """
[[analyses]]
id = "{0}"
role = "secondary"
outcomes = ["return"]
population = "itt"
estimand = "E1"
{1}
"""


def planned(*methods: str) -> str:
    return "".join(ANALYSIS.format(f"a{place}", each) for place, each in enumerate(methods))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Line:
    more = planned('method = "milestone"\nat = 8', 'method = "restricted_mean"\ncontrast = "ratio"')
    folder = tmp_path_factory.mktemp("alone") / "trial"
    method = 'method = "restricted_mean"\nat = 10'
    return line_of(write_return_to_sport(folder, competing=False, method=method, more=more))


@pytest.fixture(scope="module")
def competing(tmp_path_factory: pytest.TempPathFactory) -> Line:
    folder = tmp_path_factory.mktemp("competing") / "trial"
    more = planned('method = "fine_gray"')
    method = 'method = "cumulative_incidence"\nat = 8'
    return line_of(write_return_to_sport(folder, method=method, more=more))


def numbers(line: Line, analysis: str, *, term: str = "TRAIN - CARE", method: str) -> list[float]:
    stats = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
    found = {
        row.stat_name: row.stat
        for row in line.results.rows
        if (row.analysis_id, row.term, row.method) == (analysis, term, method)
    }
    return [float(found[stat] or 0) for stat in stats]


def with_minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def test_each_kind_of_effect_stands_with_its_unit_and_its_name(alone: Line) -> None:
    table = times_table(alone.protocol, ResultIndex(alone.results))
    assert table is not None
    assert table.heads[-2].text == "Effect (95% CI)"
    assert [
        each.head.partition(" \N{EN DASH} ")[2].split(" \N{EN DASH} ")[-1] for each in table.groups
    ] == [
        "difference of restricted mean times without the event",
        "difference of the shares without the event",
        "ratio of restricted mean times without the event",
    ]
    mean, share, ratio = (group.rows[1].cells for group in table.groups)
    weeks = numbers(alone, "primary", method="restricted_mean")
    low_high = "{:.1f} ({:.1f} to {:.1f})"
    assert mean[7].text == with_minus(low_high.format(*weeks)) + " weeks"
    points = [100 * each for each in numbers(alone, "a0", method="milestone")]
    assert share[7].text == with_minus(low_high.format(*points)) + " points"
    assert share[5].note.startswith("At 8 weeks")
    both = numbers(alone, "a1", method="restricted_mean")
    assert ratio[7].text == "{:.2f} ({:.2f} to {:.2f})".format(*both)
    assert mean[6].note == "Up to 10 weeks."


def test_the_primary_sentence_gives_difference_and_ratio(alone: Line) -> None:
    (headline,) = primary_headlines(alone.protocol, ResultIndex(alone.results))
    text = "".join(run if isinstance(run, str) else run.text for run in primary_result(headline))
    week, other = (
        numbers(alone, "primary", method=each)[0]
        for each in ("restricted_mean", "restricted_mean_ratio")
    )
    said = f"was {week:.1f} weeks (95% CI "
    assert f"The difference of restricted mean times without the event {with_minus(said)}" in text
    assert f"; ratio {other:.2f} (95% CI " in text


def test_competing_events_have_incidences_and_ratios_of_their_own(competing: Line) -> None:
    table = times_table(competing.protocol, ResultIndex(competing.results))
    assert table is not None
    incidence, ratio = (group.rows[1].cells for group in table.groups)
    points = [100 * each for each in numbers(competing, "primary", method="cumulative_incidence")]
    assert incidence[6].text == with_minus("{:.1f} ({:.1f} to {:.1f}) points".format(*points))
    both = numbers(competing, "a0", method="fine_gray")
    assert ratio[6].text == "{:.2f} ({:.2f} to {:.2f})".format(*both)
    assert any(note.startswith("Subdistribution hazard ratios: ") for note in table.notes)
    assert not any("hazard ratios are of participants whom" in note for note in table.notes)


def test_more_with_the_event_is_sooner_and_more_time_without_it_later(
    alone: Line, competing: Line
) -> None:
    """The event comes better sooner in both trials."""
    for line, lower in ((alone, [True, True, True]), (competing, [False, False])):
        found = main_headlines(line.protocol, ResultIndex(line.results))
        own = [each for each in found if each.outcome.code == "return"]
        assert [each.lower_is_better for each in own] == lower
    said = " ".join(better_words(own))
    assert "A subdistribution hazard ratio above 1 means that more have the event" in said


def test_what_competes_is_told_as_what_it_is(competing: Line) -> None:
    protocol = competing.protocol
    outcome = protocol.outcome("return")
    assert "(Operation) keep the event from happening, and are not" in competing_words([outcome])
    assert "are treated as censoring" in censoring_words([outcome])
    assert at_times(None, [outcome], protocol) == "12 weeks"
    assert at_times(8.5, [outcome, outcome], protocol) == "8.5 weeks"
