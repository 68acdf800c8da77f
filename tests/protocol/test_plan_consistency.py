"""Everything that a plan says against itself: where, what was found, what was expected."""

import pytest

from trialkit.protocol.plan_consistency import complain_of_the_plan
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.tables.raw_tables import Table


def plan(*analyses: dict, **more: object) -> Table:
    """Two arms, a primary and a secondary mean, a secondary share; ``analyses`` beside the primary."""
    return {
        "arms": [{"code": "P"}, {"code": "A"}],
        "outcomes": [
            {"code": "pain", "type": "continuous", "role": "primary"},
            {"code": "sleep", "type": "continuous", "role": "secondary"},
            {"code": "cured", "type": "binary", "role": "secondary"},
        ],
        "characteristics": [{"form": "demo", "item": "age"}, {"form": "demo", "item": "sex"}],
        "families": [],
        "analyses": [
            {"id": "main", "role": "primary", "outcomes": ["pain"], "method": "ancova"},
            *list(analyses),
        ],
    } | more


def extra(**keys: object) -> dict:
    """A secondary analysis of sleep, with other keys."""
    return {"id": "x", "role": "secondary", "outcomes": ["sleep"], "method": "ancova"} | keys


def found(raw: Table) -> list[tuple[str, str, str, str]]:
    complaints = Complaints("protocol.toml")
    complain_of_the_plan(raw, complaints)
    return [(each.table, each.key, each.found, each.expected) for each in complaints.all()]


def family(code: str, adjustment: str = "holm", **more: str) -> dict:
    return {"code": code, "adjustment": adjustment} | more


PRIMARY = "exactly one analysis with role = 'primary' that names it"
TYPED = "a method for outcomes of that type"
HEADLINE = (
    "a method with a p value of the difference between two arms; this one gives none to confirm or "
    "to adjust"
)
GATE = (
    "a family further up whose adjustment keeps the family-wise error, such as holm; none does so "
    "for a single hypothesis alone"
)
RISING = "one or more numbers that rise, such as [40, 65], or no such key"
KNOWN = "a form.item among the [[characteristics]]: demo.age, demo.sex"

WRONG = {
    "no primary analysis": (
        plan(analyses=[extra()]),
        ("analyses", "role", "0 primary analyses of the primary outcome 'pain'", PRIMARY),
    ),
    "two primary analyses": (
        plan(extra(role="primary", outcomes=["pain"])),
        ("analyses", "role", "2 primary analyses of the primary outcome 'pain'", PRIMARY),
    ),
    "a primary analysis of another outcome": (
        plan(extra(role="primary")),
        (
            "analyses 'x'",
            "outcomes",
            "'sleep', an outcome of role 'secondary'",
            "primary outcomes alone in a primary analysis",
        ),
    ),
    "no outcome": (
        plan(extra(outcomes=[])),
        ("analyses 'x'", "outcomes", "an empty list", "one or more outcomes"),
    ),
    "an outcome three times": (
        plan(extra(outcomes=["sleep", "sleep", "sleep"])),
        ("analyses 'x'", "outcomes", "'sleep' 3 times", "each once"),
    ),
    "post hoc without a reason": (
        plan(extra(role="post hoc")),
        ("analyses 'x'", "reason", "nothing", "why it was done post hoc"),
    ),
    "post hoc with an empty reason": (
        plan(extra(role="post hoc", reason="")),
        ("analyses 'x'", "reason", "nothing", "why it was done post hoc"),
    ),
    "a share by means": (
        plan(extra(outcomes=["sleep", "cured"])),
        ("analyses 'x'", "method", "'ancova' for the binary outcome 'cured'", TYPED),
    ),
    "a mean by shares": (
        plan(extra(method="risk_difference")),
        ("analyses 'x'", "method", "'risk_difference' for the continuous outcome 'sleep'", TYPED),
    ),
    "a primary analysis of change within arms": (
        plan(analyses=[{"id": "m", "role": "primary", "outcomes": ["pain"], "method": "paired_t"}]),
        ("analyses 'm'", "method", "'paired_t' in a primary analysis", HEADLINE),
    ),
    "a family of an analysis of variance": (
        plan(extra(method="one_way_anova", family="f"), families=[family("f")]),
        ("analyses 'x'", "method", "'one_way_anova' in the family 'f'", HEADLINE),
    ),
    "a family of nobody": (
        plan(extra(family="f"), families=[family("f"), family("g")]),
        ("families 'g'", "code", "no analysis with this family", "one or more, or no such family"),
    ),
    "a gate that is not there": (
        plan(extra(family="f"), families=[family("f", after="g")]),
        ("families 'f'", "after", "'g'", "the code of a family further up"),
    ),
    "a gate further down": (
        plan(
            extra(family="f"),
            extra(id="y", family="g"),
            families=[family("f", after="g"), family("g")],
        ),
        ("families 'f'", "after", "'g'", "the code of a family further up"),
    ),
    "a gate of itself": (
        plan(extra(family="f"), families=[family("f", after="f")]),
        ("families 'f'", "after", "'f'", "the code of a family further up"),
    ),
    "a gate by Benjamini and Hochberg": (
        plan(
            extra(family="f"),
            extra(id="y", family="g"),
            families=[family("f", "benjamini-hochberg"), family("g", after="f")],
        ),
        ("families 'g'", "after", "'f', whose adjustment is 'benjamini-hochberg'", GATE),
    ),
    "a gate by Benjamini and Yekutieli": (
        plan(
            extra(family="f"),
            extra(id="y", family="g"),
            families=[family("f", "benjamini-yekutieli"), family("g", after="f")],
        ),
        ("families 'g'", "after", "'f', whose adjustment is 'benjamini-yekutieli'", GATE),
    ),
    "an open gate of two analyses": (
        plan(
            extra(family="f"),
            extra(id="z", family="f"),
            extra(id="y", family="g"),
            families=[family("f", "none"), family("g", after="f")],
        ),
        ("families 'g'", "after", "'f', whose adjustment is 'none'", GATE),
    ),
    "an open gate of two contrasts": (
        plan(
            extra(family="f"),
            extra(id="y", family="g"),
            families=[family("f", "none"), family("g", after="f")],
            arms=[{"code": "P"}, {"code": "A"}, {"code": "B"}],
        ),
        ("families 'g'", "after", "'f', whose adjustment is 'none'", GATE),
    ),
    "adjusted twice": (
        plan(extra(family="f", adjustment="dunnett"), families=[family("f", "hochberg")]),
        (
            "analyses 'x'",
            "adjustment",
            "'dunnett', beside 'hochberg' of the family 'f'",
            "one of the two, the other 'none'",
        ),
    ),
    "responders without a threshold": (
        plan(extra(method="responders")),
        (
            "analyses 'x'",
            "improved_by",
            "nothing, and no minimal_important_change of outcome 'sleep'",
            "how much improvement makes a responder",
        ),
    ),
    "a covariate that was not measured before": (
        plan(extra(covariates=["baseline", "demo.agee"])),
        (
            "analyses 'x'",
            "covariates",
            "'demo.agee'",
            f"'baseline' or {KNOWN}; did you mean 'demo.age'?",
        ),
    ),
    "weights by the baseline": (
        plan(extra(method="mmrm", weights="baseline")),
        ("analyses 'x'", "weights", "'baseline'", KNOWN),
    ),
    "strata by the baseline": (
        plan(extra(method="cochran_mantel_haenszel", outcomes=["cured"], strata=["baseline"])),
        ("analyses 'x'", "strata", "'baseline'", KNOWN),
    ),
    "covariates by visit that were not measured before": (
        plan(extra(method="mmrm", covariates_by_visit=["arm"])),
        ("analyses 'x'", "covariates_by_visit", "'arm'", f"'baseline' or {KNOWN}"),
    ),
    "no cut point in a list of them": (
        plan(extra(method="subgroups", by="demo.age", cut_points=[])),
        ("analyses 'x'", "cut_points", "an empty list", RISING),
    ),
    "cut points in falling order": (
        plan(extra(method="subgroups", by="demo.age", cut_points=[40, 65.5, 60])),
        ("analyses 'x'", "cut_points", "60 after 65.5", RISING),
    ),
    "a cut point twice": (
        plan(extra(method="subgroups", by="demo.age", cut_points=[40, 40.0])),
        ("analyses 'x'", "cut_points", "40 twice", RISING),
    ),
    "a covariate where nothing is measured": (
        plan(extra(covariates=["x.y"]), characteristics=[]),
        (
            "analyses 'x'",
            "covariates",
            "'x.y'",
            "'baseline' or a form.item among the [[characteristics]]: none",
        ),
    ),
    "covariance by something else": (
        plan(extra(method="mmrm", covariance_by="visit.x")),
        ("analyses 'x'", "covariance_by", "'visit.x'", f"'arm' or {KNOWN}"),
    ),
    "subgroups by something else": (
        plan(extra(method="subgroups", by="arm")),
        ("analyses 'x'", "by", "'arm'", KNOWN),
    ),
}


def test_a_scale_of_a_method_that_the_outcome_does_not_take_is_the_complaint_of_its_type() -> None:
    raw = plan(
        extra(outcomes=["back"], method="cluster_summaries", scale="ratio"),
        outcomes=[
            {"code": "pain", "type": "continuous", "role": "primary"},
            {"code": "back", "type": "time_to_event", "role": "secondary"},
        ],
    )
    assert (
        "analyses 'x'",
        "method",
        "'cluster_summaries' for the time_to_event outcome 'back'",
        TYPED,
    ) in found(raw)


@pytest.mark.parametrize("name", WRONG)
def test_a_contradiction_is_said_once_with_its_place(name: str) -> None:
    raw, complaint = WRONG[name]
    assert found(raw) == [complaint]


RIGHT = {
    "the plan itself": plan(extra()),
    "several primary outcomes, one analysis": plan(
        outcomes=[{"code": each, "type": "continuous", "role": "primary"} for each in ("a", "b")],
        analyses=[{"id": "m", "role": "primary", "outcomes": ["a", "b"], "method": "ancova"}],
    ),
    "no primary outcome at all": plan(
        outcomes=[{"code": "a", "type": "continuous", "role": "secondary"}],
        analyses=[{"id": "m", "role": "primary", "outcomes": ["a"], "method": "ancova"}],
    ),
    "post hoc with a reason": plan(extra(role="post hoc", reason="asked by a reviewer")),
    "change within arms, nothing to confirm": plan(extra(method="paired_t")),
    "a share by shares": plan(extra(outcomes=["cured"], method="risk_difference")),
    "names that others complain of": plan(
        extra(method="ancowa"), extra(id="y", outcomes=["slep"], method="risk_difference")
    ),
    "a type that others complain of": plan(
        extra(method="risk_difference"),
        outcomes=[
            {"code": "pain", "type": "continuous", "role": "primary"},
            {"code": "sleep", "type": "nominal", "role": "secondary"},
        ],
    ),
    "a family whose name an analysis may have misspelt": plan(
        extra(family="fe"), families=[family("f")]
    ),
    "a gate by Hommel": plan(
        extra(family="f"),
        extra(id="z", family="f"),
        extra(id="y", family="g"),
        families=[family("f", "hommel"), family("g", after="f")],
    ),
    "an open gate of one hypothesis": plan(
        extra(family="f"),
        extra(id="y", family="g"),
        families=[family("f", "none"), family("g", "none", after="f")],
    ),
    "adjusted in the family alone": plan(
        extra(family="f", adjustment="none"), families=[family("f")]
    ),
    "adjusted in the analysis alone": plan(
        extra(family="f", adjustment="tukey"), families=[family("f", "none")]
    ),
    "adjusted without a family": plan(extra(adjustment="tukey")),
    "an adjustment that others complain of": plan(
        extra(family="f", adjustment="scheffe"), families=[family("f")]
    ),
    "responders by a share": plan(extra(method="responders", improved_by_share=0.3)),
    "responders by an amount": plan(extra(method="responders", improved_by=10)),
    "responders by what matters": plan(
        extra(method="responders"),
        outcomes=[
            {"code": "pain", "type": "continuous", "role": "primary"},
            {"code": "sleep", "type": "continuous", "role": "x", "minimal_important_change": 2},
        ],
    ),
    "baseline and characteristics": plan(
        extra(covariates=["baseline", "demo.age"]),
        extra(
            id="y",
            method="mmrm",
            covariates_by_visit=["baseline"],
            weights="demo.sex",
            covariance_by="arm",
        ),
        extra(id="z", method="subgroups", by="demo.sex", covariates=["demo.age"]),
        extra(id="w", method="cochran_mantel_haenszel", outcomes=["cured"], strata=["demo.sex"]),
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_does_not_contradict_itself_is_passed_over(name: str) -> None:
    assert found(RIGHT[name]) == []


def test_everything_is_said_at_once_and_in_its_order() -> None:
    raw = plan(
        extra(outcomes=[]),
        extra(id="y", role="post hoc", outcomes=["sleep", "sleep"], covariates=["here.x"]),
    )
    assert [(table, key) for table, key, *_ in found(raw)] == [
        ("analyses 'x'", "outcomes"),
        ("analyses 'y'", "outcomes"),
        ("analyses 'y'", "reason"),
        ("analyses 'y'", "covariates"),
    ]


def test_an_analysis_without_a_name_has_a_number() -> None:
    nameless = {"role": "post hoc", "outcomes": ["sleep"], "method": "ancova"}
    assert [table for table, *_ in found(plan(nameless))] == ["analyses number 2"]


@pytest.mark.parametrize("kind", ["minimisation", "biased coin", "urn", "big stick"])
def test_arms_that_follow_from_those_before_are_not_permuted(kind: str) -> None:
    test = extra(method="rerandomisation")
    assert found(plan(test, randomisation={"type": kind})) == [
        (
            "analyses 'x'",
            "method",
            (
                "'rerandomisation', which permutes the arms within blocks and strata, after a "
                f"randomisation by {kind}, which other allocations could follow"
            ),
            "another method, such as 'ancova'",
        )
    ]
    for other in ("simple", "permuted blocks", "stratified permuted blocks", "not reported"):
        assert found(plan(test, randomisation={"type": other})) == []
    assert found(plan(extra(), randomisation={"type": kind})) == []
    # trimmed means are tested by permutation, too, unless the plan lets all allocations count
    (said,) = found(plan(extra(method="trimmed_mean"), randomisation={"type": kind}))
    assert said[2].startswith("'trimmed_mean', which permutes the arms")
    free = extra(method="trimmed_mean", restricted=False)
    assert found(plan(free, randomisation={"type": kind})) == []


VISITS = [{"code": "SC"}, {"code": "BL", "baseline": True}, {"code": "W4"}, {"code": "W8"}]
OF_SLEEP = [
    {"code": "pain", "type": "continuous", "role": "primary", "time_point": "W8"},
    {"code": "sleep", "type": "continuous", "role": "secondary", "time_point": "W8"},
]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (["W4", "W8"], None),
        (["W8"], None),
        (["W9"], "'W9'; did you mean 'W4'?"),
        (["BL", "W8"], "'BL'"),
        (["SC", "W8"], "'SC'"),
        (["W8", "W8"], "a visit twice"),
        ([], "an empty list"),
        (["W4"], "'W4', without the time point 'W8'"),
    ],
)
def test_chosen_visits_lie_after_baseline_with_the_time_point(
    chosen: list[str], said: str | None
) -> None:
    wrong = found(plan(extra(method="mmrm", visits=chosen), visits=VISITS, outcomes=OF_SLEEP))
    if said is None:
        assert wrong == []
        return
    ((table, key, what, expected),) = wrong
    assert (table, key) == ("analyses 'x'", "visits")
    assert what.startswith(said.partition(";")[0])
    assert expected.startswith("visits after baseline: W4, W8")


def of_compliers(role: str, **keys: object) -> Table:
    estimands = [
        {"code": "P", "intercurrent_events": [{"strategy": "principal stratum"}]},
        {"code": "T", "intercurrent_events": [{"strategy": "treatment policy"}]},
    ]
    populations = [{"code": "itt"}, {"code": "safety", "group_by": "received"}]
    own = extra(method="complier_effect", role=role, population="itt", estimand="T") | keys
    return plan(own, estimands=estimands, populations=populations)


def test_an_effect_in_who_complies_is_exploratory_unless_an_estimand_says_so() -> None:
    assert found(of_compliers("exploratory")) == []
    assert found(of_compliers("secondary", estimand="P")) == []
    ((table, key, what, expected),) = found(of_compliers("secondary"))
    assert (table, key) == ("analyses 'x'", "role")
    assert what == "'secondary' of complier_effect, for an estimand without a principal stratum"
    assert expected == (
        "'exploratory', or an estimand with an intercurrent event of strategy = 'principal stratum'"
    )


def test_an_effect_in_who_complies_is_of_the_arms_that_were_allocated() -> None:
    ((_, key, what, _),) = found(of_compliers("exploratory", population="safety"))
    assert (key, what) == ("population", "'safety', grouped by what was received")
