"""What is asked for by a name that there is not is told with the names that there are."""

import pandas as pd
import pytest

import trialkit
from tests.report.factorial_trial import factorial_line
from trialkit.errors import AnalysisError
from trialkit.protocol.tables.choices import by_code

LINE = factorial_line()
PROTOCOL = LINE.protocol
ASKED = (
    (lambda: LINE.datasets.population("ittt"), "no population has the code 'ittt'; .*'itt'"),
    (lambda: PROTOCOL.population("ittt"), "no population has .*did you mean 'itt'"),
    (lambda: PROTOCOL.arm("TRIAN"), "no arm has .*CARE, TALK, TRAIN, BOTH; did you mean 'TRAIN'"),
    (lambda: PROTOCOL.visit("W99"), "no visit has the code 'W99'; codes are "),
    (lambda: PROTOCOL.outcome("pian"), "no outcome has .*did you mean 'pain'"),
    (lambda: PROTOCOL.factors[0].level("ye"), "no level of exercise has .*did you mean 'yes'"),
    (lambda: by_code((), "a", what="period"), "there is none"),
)


@pytest.mark.parametrize(("ask", "said"), ASKED, ids=[str(at) for at in range(len(ASKED))])
def test_an_unknown_code_is_told_with_those_there_are(ask: object, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        ask()  # type: ignore[operator]


def test_a_reference_that_is_no_level_suggests_the_nearest() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3, 5], "arm": ["drug", "drug", "care", "care"]})
    with pytest.raises(
        AnalysisError, match=r"reference='caer' is not a level .*did you mean 'care'"
    ):
        trialkit.compare_means(frame, outcome="y", arm="arm", reference="caer", method="welch_t")
