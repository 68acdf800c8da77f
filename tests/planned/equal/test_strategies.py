"""A plan with intercurrent events is the direct call on a frame that the test itself changes.

The events are made up: every fifth participant stops, at one visit or another. The frames are those
of the datasets, changed by hand value by value, and not by the strategies.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.conftest import THREE_ARMS
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.proportions.proportions import compare_proportions
from trialkit.analysis.repeated.fit import mmrm
from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

VISITS = ["BL", "W8", "W12"]
STOPPED = IntercurrentEventAsked(
    code="stopped", label="Stopped the sessions", date="end_of_study.end_date"
)


@cache
def trial() -> tuple[Protocol, Datasets]:
    protocol = load_protocol(THREE_ARMS)
    schemas = form_schemas(THREE_ARMS, protocol)
    datasets = build_datasets(
        freeze(FolderSource(folder=THREE_ARMS), schemas, cut=None), schemas, protocol
    )
    return protocol, datasets


def who_stopped() -> dict[str, str]:
    """By participant the first affected visit."""
    _, datasets = trial()
    people = datasets.population("itt").members["subject_id"].tolist()
    return {who: VISITS[1 + place % 2] for place, who in enumerate(people[::5])}


ASKED = "asked"


def asked(outcome: str, specification: Specification) -> Analysis:
    """An analysis beside the primary one, of the estimand that it has."""
    first = trial()[0].plan.analyses[0]
    return replace(
        first, id=ASKED, role=AnalysisRole.SENSITIVITY, family="", outcomes=(outcome,),
        population="itt", estimand="mine", specification=specification,
    )  # fmt: skip


def planned(
    specification: Specification, outcome: str, strategy: Strategy, *, value: str = ""
) -> list[Result]:
    """The rows of one analysis of a plan whose estimand names the event."""
    protocol, datasets = trial()
    event = IntercurrentEvent(event="stopped", strategy=strategy, value=value)
    mine = replace(protocol.estimands[0], code="mine", intercurrent_events=(event,))
    first = protocol.plan.analyses[0]
    own = asked(outcome, specification)
    order = pd.CategoricalDtype(list(protocol.visit_codes), ordered=True)
    stops = who_stopped()
    members = datasets.population("itt").members
    happened = pd.DataFrame(
        {"subject_id": [*stops], "visit": pd.Series([*stops.values()]).astype(order)}
    ).assign(
        event=pd.Categorical(["stopped"] * len(stops), categories=["stopped"], ordered=True),
        maybe_from=pd.Series([None] * len(stops)).astype(order),
        date=pd.NaT,
    ).merge(members, on="subject_id")  # fmt: skip
    changed = replace(
        protocol,
        estimands=(*protocol.estimands, mine),
        intercurrent_events=(STOPPED,),
        plan=replace(protocol.plan, families=(), analyses=(first, own)),
    )
    rows = carry_out(changed, replace(datasets, intercurrent=happened), only=(ASKED,)).rows
    return [row for row in rows if row.analysis_id == ASKED]


def by_hand(outcome: str, value: float) -> pd.DataFrame:
    """The measurements with this value from the first affected visit on, each set by itself."""
    _, datasets = trial()
    own = datasets.measurements[datasets.measurements["outcome"] == outcome].drop(columns="arm")
    own = own.merge(datasets.population("itt").members, on="subject_id")
    later = {"W8": {"W8", "W12"}, "W12": {"W12"}}
    values = own["value"].to_numpy(dtype=float).copy()
    for place, (who, visit) in enumerate(zip(own["subject_id"], own["visit"], strict=True)):
        if who in who_stopped() and visit in later[who_stopped()[who]]:
            values[place] = value
    return own.assign(value=values, change=values - own["baseline"])


def stated(rows: list[Result], stat: Stat, **about: str) -> list[float]:
    return [
        float(row.stat)
        for row in rows
        if row.stat_name is stat and all(getattr(row, key) == said for key, said in about.items())
        and row.stat is not None
    ]  # fmt: skip


def test_hypothetical_with_a_mixed_model_is_the_call_on_values_set_missing() -> None:
    protocol, _ = trial()
    frame = by_hand("function", np.nan)
    frame = frame[frame["visit"].isin(["W4", "W8", "W12"]) & frame["baseline"].notna()]
    some = frame.groupby("subject_id")["value"].transform("count") > 0
    frame = frame[some].assign(visit=lambda each: each["visit"].cat.remove_unused_categories())
    fit = mmrm(
        frame, outcome="change", subject="subject_id", visit="visit", arm="arm",
        reference=protocol.reference.code, covariates=("baseline",),
    )  # fmt: skip
    rows = planned(Mmrm(), "function", Strategy.HYPOTHETICAL)
    contrasts = fit.contrasts()
    for each in contrasts[contrasts["visit"] == "W12"].itertuples():
        for stat in (Stat.ESTIMATE, Stat.SE, Stat.P_VALUE):
            (found,) = stated(rows, stat, term=each.contrast, visit="W12")
            assert found == pytest.approx(getattr(each, stat.value), rel=1e-8)
    kept = planned(Mmrm(), "function", Strategy.TREATMENT_POLICY)
    assert stated(kept, Stat.ESTIMATE) != stated(rows, Stat.ESTIMATE)


def test_a_composite_failure_is_counted_as_the_call_counts_it() -> None:
    protocol, _ = trial()
    frame = by_hand("improved", 0.0)
    frame = frame[(frame["visit"] == "W12") & frame["value"].notna()]
    table = compare_proportions(
        frame, outcome="value", arm="arm", reference=protocol.reference.code
    ).to_frame()
    rows = planned(ProportionComparison(), "improved", Strategy.COMPOSITE)
    for each in table[table["stat_name"] == "risk_difference"].itertuples():
        (found,) = stated(rows, Stat.ESTIMATE, method="risk_difference", term=each.contrast)
        assert found == pytest.approx(each.estimate, rel=1e-12)
    counted = frame.groupby("arm", observed=True)["value"].size()
    assert stated(rows, Stat.N, term="") == counted.tolist()


@pytest.mark.parametrize("value", ["0", "12.5"])
def test_a_composite_number_is_the_call_on_that_number(value: str) -> None:
    protocol, _ = trial()
    frame = by_hand("function", float(value))
    frame = frame[(frame["visit"] == "W12") & frame["value"].notna() & frame["baseline"].notna()]
    fit = ancova(
        frame, outcome="value", arm="arm", reference=protocol.reference.code,
        covariates=("baseline",),
    )  # fmt: skip
    rows = planned(Ancova(response=Response.FINAL), "function", Strategy.COMPOSITE, value=value)
    for each in fit.contrasts().itertuples():
        (found,) = stated(rows, Stat.ESTIMATE, term=each.contrast)
        assert found == pytest.approx(each.estimate, rel=1e-9)


def test_treatment_policy_changes_nothing() -> None:
    protocol, datasets = trial()
    first, own = protocol.plan.analyses[0], asked("function", Ancova())
    plain = replace(protocol, plan=replace(protocol.plan, families=(), analyses=(first, own)))
    before = [
        row for row in carry_out(plain, datasets, only=(ASKED,)).rows if row.analysis_id == ASKED
    ]
    after = planned(Ancova(), "function", Strategy.TREATMENT_POLICY)
    assert [(row.result_id, row.stat) for row in after] == [
        (row.result_id, row.stat) for row in before
    ]
