"""Who counts comparisons counts the same before and after there are data."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.line import Line
from tests.report.factory import made_up_line, made_up_protocol
from trialkit.protocol.headline_tests import planned_tests, stated_tests
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment
from trialkit.protocol.methods.specification import Specification


def of_the_first(specification: Specification, *, arms: int) -> Line:
    """A made-up trial whose first analysis is of this specification, in no family."""
    one = made_up_protocol(arms=arms)
    first, *others = one.plan.analyses
    analyses = (replace(first, specification=specification), *others)
    return made_up_line(protocol=replace(one, plan=replace(one.plan, analyses=analyses)))


def test_the_plan_foretells_the_tests_of_the_shipped_trials(
    example: Line, three_arms: Line
) -> None:
    for line in (example, three_arms):
        stated = stated_tests(line.protocol, line.results.rows)
        assert stated
        assert Counter(planned_tests(line.protocol)) == Counter(stated)


@pytest.mark.parametrize(
    ("specification", "arms", "tests"),
    [
        (Ancova(), 3, 2),
        (Ancova(comparisons=Comparisons.ALL_PAIRS, adjustment=ContrastAdjustment.TUKEY), 3, 3),
        (Bootstrap(replicates=999), 2, 0),
    ],
)
def test_a_comparison_without_p_counts_for_nothing(
    specification: Specification, arms: int, tests: int
) -> None:
    line = of_the_first(specification, arms=arms)
    stated = stated_tests(line.protocol, line.results.rows)
    assert Counter(planned_tests(line.protocol)) == Counter(stated)
    own = [each for each in stated if each.analysis_id == line.protocol.plan.analyses[0].id]
    assert len(own) == tests
    adjusts = specification.effect(line.protocol.outcomes[0].type, arms)
    assert adjusts is not None
    assert {each.adjusted_within for each in own} <= {adjusts.adjusts_itself}
