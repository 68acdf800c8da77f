"""Of each analysis without any number, one row that says why; of the others none."""

from tests.report.rows import result
from trialkit.results.effect import Scale, Status
from trialkit.results.unanswered import unanswered, unanswered_contrasts
from trialkit.results.vocabulary import Stat

GONE = Status.NOT_ESTIMABLE


def test_an_analysis_is_unanswered_while_none_of_its_effects_and_tests_has_a_number() -> None:
    first = result(Stat.ESTIMATE, None, status=GONE, term="A1 - A0")
    second = result(Stat.P_VALUE, None, status=GONE, term="A1 - A0")
    counted = result(Stat.N, 8)
    assert unanswered([counted, first, second]) == (first,)
    # a level, a ratio or a measure without a number is not the whole analysis
    other = result(Stat.ESTIMATE, 1.5, status=Status.ESTIMATED, term="A2 - A0")
    assert unanswered([first, other]) == ()
    tested = result(Stat.P_VALUE, 0.04, term="A2 - A0")
    assert unanswered([first, tested]) == ()


def test_each_outcome_of_an_analysis_stands_for_itself() -> None:
    pain = result(Stat.ESTIMATE, None, status=Status.NOT_DUE)
    walk = result(Stat.ESTIMATE, None, status=Status.NOT_ASKED, outcome="walk")
    fine = result(Stat.ESTIMATE, 2.0, status=Status.ESTIMATED, outcome="sleep")
    assert unanswered([pain, walk, fine]) == (pain, walk)


def test_rows_of_no_analysis_of_the_plan_are_none_of_it() -> None:
    harms = result(Stat.ESTIMATE, None, status=GONE, role="", analysis_id="harms")
    check = result(Stat.STATISTIC, None, note="too few")
    assert unanswered([harms, check]) == ()


def test_a_contrast_without_a_test_is_told_where_others_of_its_analysis_have_one() -> None:
    of = {"scale": Scale.DIFFERENCE}
    gone = result(Stat.P_VALUE, None, status=GONE, term="A1 - A0", **of)
    fine = result(Stat.P_VALUE, 0.04, status=Status.ESTIMATED, term="A2 - A0", **of)
    assert unanswered_contrasts([gone, fine]) == (gone,)
    assert unanswered_contrasts([gone]) == ()  # the whole analysis is unanswered
    # the test of an interaction is of no contrast, and what is still to come lacks nothing
    interaction = result(Stat.P_VALUE, None, status=GONE, term="interaction")
    coming = result(Stat.P_VALUE, None, status=Status.NOT_DUE, term="A1 - A0", **of)
    assert unanswered_contrasts([interaction, coming, fine]) == ()
