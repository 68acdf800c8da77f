"""Who an analysis can use, and why not the others: for every method of the plan."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.line import Line
from trialkit.datasets.inclusion import Included, include, needs_of, visits_of
from trialkit.datasets.measurements import STILL_TO_COME
from trialkit.errors import DatasetError
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.tipping_point import TippingPoint

FINAL_T = MeanComparison(method=Method.WELCH_T, response=Response.FINAL)
CHANGE_T = MeanComparison(method=Method.WELCH_T)


def included(line: Line, specification: Specification) -> Included:
    outcome = line.protocol.primary
    primary = line.protocol.plan.analyses[0]
    analysis = replace(primary, specification=specification)
    data = line.datasets
    return include(
        needs_of(analysis, outcome, line.protocol, visits_of(outcome, data.measurements)),
        data.population(primary.population),
        measurements=data.measurements,
        characteristics=data.characteristics,
        subjects=data.subjects,
        protocol=line.protocol,
    )


@pytest.mark.parametrize(
    ("specification", "expected"),
    [
        (MixedAnova(), ("BL", "W4", "W8", "W12")),
        (Ancova(), ("BL", "W12")),
        (Ancova(covariates=()), ("W12",)),
        (Ancova(covariates=(), response=Response.CHANGE), ("BL", "W12")),
        (CHANGE_T, ("BL", "W12")),
        (FINAL_T, ("W12",)),
        (Mmrm(), ("BL",)),
        (Mmrm(covariates=(), response=Response.FINAL), ()),
        (ResponderComparison(missing=MissingRule.NON_RESPONDER), ()),
        (ResponderComparison(missing=MissingRule.OBSERVED_ONLY), ("BL", "W12")),
    ],
)
def test_each_method_needs_its_visits(
    three_arms: Line, specification: Specification, expected: tuple[str, ...]
) -> None:
    measured = three_arms.protocol.measured(three_arms.protocol.primary)
    assert specification.needed_visits(measured) == expected


@pytest.mark.parametrize("specification", [MixedAnova(), Ancova(), CHANGE_T, FINAL_T, Mmrm()])
def test_included_and_excluded_make_up_the_randomised(
    three_arms: Line, specification: Specification
) -> None:
    found = included(three_arms, specification)
    subjects = three_arms.datasets.subjects
    randomised = set(subjects.loc[subjects["randomised"], "subject_id"])
    kept = set(found.measurements["subject_id"])
    left_out = list(found.excluded["subject_id"])
    assert kept | set(left_out) == randomised
    assert not kept & set(left_out)
    assert len(left_out) == len(set(left_out))
    assert found.excluded["reason"].str.startswith(("no value", "not in the population")).all()


def test_the_included_have_every_value_that_is_needed(three_arms: Line) -> None:
    found = included(three_arms, MixedAnova()).measurements
    assert found["value"].notna().all()
    assert found.groupby("subject_id").size().eq(4).all()


def test_an_mmrm_keeps_who_was_seen_once_after_baseline(three_arms: Line) -> None:
    by_anova = set(included(three_arms, MixedAnova()).measurements["subject_id"])
    by_mmrm = included(three_arms, Mmrm()).measurements
    assert by_anova < set(by_mmrm["subject_id"])
    later = by_mmrm[by_mmrm["visit"] != "BL"]
    assert later.groupby("subject_id")["value"].count().ge(1).all()


def test_a_missing_covariate_leaves_its_participant_out_with_the_reason(
    three_arms: Line,
) -> None:
    characteristics = three_arms.datasets.characteristics
    name = str(characteristics["characteristic"].iloc[0])
    person = str(characteristics["subject_id"].iloc[0])
    gone = (characteristics["subject_id"] == person) & (characteristics["characteristic"] == name)
    holes = characteristics.assign(
        value=characteristics["value"].mask(gone), category=characteristics["category"].mask(gone)
    )
    emptied = replace(three_arms, datasets=replace(three_arms.datasets, characteristics=holes))
    found = included(emptied, Ancova(covariates=(name,)))
    reasons = found.excluded.set_index("subject_id")["reason"]
    (title,) = (each.label for each in three_arms.protocol.characteristics if each.name == name)
    assert title
    assert reasons[person] == f"no value of the covariate {title}"
    assert isinstance(found.measurements, pd.DataFrame)


def test_a_visit_at_which_the_outcome_is_not_asked_is_not_left_out_in_silence(
    three_arms: Line,
) -> None:
    with pytest.raises(DatasetError, match="welch_t needs values of 'function' at BL, but its"):
        needs_of(
            replace(three_arms.protocol.plan.analyses[0], specification=CHANGE_T),
            three_arms.protocol.primary,
            three_arms.protocol,
            frozenset({"W4", "W8", "W12"}),
        )


def test_all_that_a_participant_lacks_is_told_each_for_itself(three_arms: Line) -> None:
    """One participant lacks three things and is left out for the first of them."""
    covariate = three_arms.protocol.characteristics[0]
    own = Ancova(covariates=("baseline", covariate.name))
    who = included(three_arms, own).measurements["subject_id"].iloc[0]
    data, outcome = three_arms.datasets, three_arms.protocol.primary
    mine = data.measurements["subject_id"] == who
    here = data.characteristics["subject_id"] == who
    emptied = replace(
        three_arms,
        datasets=replace(
            data,
            measurements=data.measurements.assign(value=data.measurements["value"].mask(mine)),
            characteristics=data.characteristics.assign(
                value=data.characteristics["value"].mask(here),
                category=data.characteristics["category"].mask(here),
            ),
        ),
    )
    found = included(emptied, own)
    lacks = found.lacking.loc[found.lacking["subject_id"] == who, "what"].tolist()
    at = [
        f"{outcome.label} at {three_arms.protocol.visit(code).label}"
        for code in (three_arms.protocol.baseline.code, outcome.time_point)
    ]
    assert sorted(lacks) == sorted([*at, covariate.in_words])
    assert (found.excluded["subject_id"] == who).sum() == 1
    assert list(found.excluded) == ["subject_id", "arm", "reason"]


@pytest.mark.parametrize("reason", STILL_TO_COME)
def test_nothing_is_imputed_of_whose_time_point_is_still_to_come(
    three_arms: Line, reason: str
) -> None:
    """An interim look analyses those who have reached it; who has left is imputed all the same."""
    data = three_arms.datasets
    here = (data.measurements["outcome"] == three_arms.protocol.primary.code) & (
        data.measurements["visit"] == "W12"
    )
    there = data.measurements[here & data.measurements["value"].notna()]["subject_id"].tolist()
    coming, gone = there[:2], there[2:4]
    who = data.measurements["subject_id"]
    cut = data.measurements.copy()
    cut["missing_reason"] = cut["missing_reason"].astype("object")
    cut.loc[here & who.isin([*coming, *gone]), "value"] = float("nan")
    cut.loc[here & who.isin(coming), "missing_reason"] = reason
    cut.loc[here & who.isin(gone), "missing_reason"] = "moved away"
    line = replace(three_arms, datasets=replace(data, measurements=cut))
    moved = TippingPoint(arm=line.protocol.experimental[0].code, deltas=DeltaGrid(first=0, last=2))
    for specification in (MultipleImputation(), moved):
        before, found = included(three_arms, specification), included(line, specification)
        kept = set(before.measurements["subject_id"])
        assert set(found.measurements["subject_id"]) == kept - set(coming)
        told = found.excluded.set_index("subject_id")["reason"]
        assert set(told[coming]) == {f"no value at Week 12 ({reason})"}
        assert set(gone) <= kept
