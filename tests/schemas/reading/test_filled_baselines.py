"""A regression that fills in baseline values needs another number, and says so before the run."""

from dataclasses import replace

import pytest

from tests.datasets.stopped import PRIMARY, three_visits
from tests.miniature import Miniature
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.imputation import CovariateFill
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.schemas.reading.filled_baselines import complain_of_filled_baselines
from trialkit.schemas.reading.needs import complain_of_analyses

AGE, SITE = "screening.age_years", "pain.side"
REGRESSION = CovariateFill.REGRESSION


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    return Miniature().schemas(tmp_path_factory.mktemp("trial")).forms


def planned(specification):
    return replace(
        three_visits(),
        plan=replace(
            three_visits().plan, analyses=(replace(PRIMARY, specification=specification),)
        ),
    )


@pytest.mark.parametrize(
    ("named", "beside"), [({}, "no covariates"), ({"covariates": (SITE,)}, SITE)]
)
def test_without_another_number_it_is_refused_with_what_to_do(forms, named, beside) -> None:
    protocol = planned(MultipleImputation(baseline_fill=REGRESSION, **named))
    (found,) = complain_of_filled_baselines(forms, protocol)
    assert (found.table, found.key) == ("analyses 'primary'", "baseline_fill")
    assert found.found.endswith(f"beside it stand {beside}")
    assert "baseline_fill = 'mean'" in found.expected
    assert "baseline_fill" in [each.key for each in complain_of_analyses(forms, protocol)]


@pytest.mark.parametrize(
    "specification",
    [
        Ancova(),
        MultipleImputation(),
        MultipleImputation(baseline_fill=CovariateFill.MEAN),
        MultipleImputation(baseline_fill=REGRESSION, covariates=(AGE,)),
        MultipleImputation(baseline_fill=REGRESSION, auxiliary=(SITE, AGE)),
    ],
)
def test_with_one_or_without_a_regression_it_is_not(forms, specification) -> None:
    assert not [*complain_of_filled_baselines(forms, planned(specification))]
