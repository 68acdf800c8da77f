"""What analyses, populations and characteristics need of the forms, said word for word."""

from dataclasses import fields, replace

import pytest

from tests.miniature import protocol
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.pair_comparison import NextPriority, PairComparison
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.specification import STRATA
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.protocol.trial.conduct import Randomisation, RandomisationType
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.interventions import Intervention
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import Characteristic, Grouping, PopulationRule
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.conditions import compiled
from trialkit.schemas.reading.plan_needs import complain_of_plan


def item(name: str, kind: ItemType = ItemType.DECIMAL, purpose: Purpose | None = None) -> Item:
    return Item(id=name, label=name, type=kind, purpose=purpose)


def form(name: str, *items: Item, kind: FormKind = FormKind.OTHER, **more: object) -> Form:
    parts = {"visits": (), "repeating": False, "items": items, **more}
    return Form(
        id=name, title=name, kind=kind, expected=Expected.AS_NEEDED, rules=(),
        file=f"forms/{name}.toml", sha256="", **parts,
    )  # fmt: skip


PAIN = form("pain", item("vas"), visits=("BL", "W6", "W12"))
W12 = Visit(code="W12", label="Week 12", target_day=84, window=Window(early=3, late=3))
OUTCOME = Outcome(
    code="pain", label="Pain", type=OutcomeType.CONTINUOUS, role=OutcomeRole.PRIMARY, form="pain",
    item="vas", time_point="W12", metric="change", aggregation="mean", direction=Direction.LOWER,
)  # fmt: skip


def trial(*specifications: object, **more: object) -> Protocol:
    plan = protocol()
    analyses = tuple(
        Analysis(
            id=f"a{number}", role=AnalysisRole.PRIMARY, outcomes=("pain",), population="itt",
            estimand="E1", specification=each,
        )
        for number, each in enumerate(specifications, start=1)
    )  # fmt: skip
    parts = {
        "visits": (*plan.visits, W12),
        "outcomes": (OUTCOME,),
        "plan": replace(plan.plan, analyses=analyses),
        **more,
    }
    return replace(plan, **parts)


def said(plan: Protocol, *forms: Form) -> list[str]:
    return [str(each).removeprefix("protocol.toml: ") for each in complain_of_plan(forms, plan)]


def test_nothing_is_said_where_everything_is_asked() -> None:
    assert said(trial(Ancova(), Mmrm()), PAIN) == []
    # an outcome whose form is not there is another's complaint
    assert said(trial(Ancova())) == []


def test_a_baseline_that_is_read_is_asked() -> None:
    late = replace(PAIN, visits=("W6", "W12"))
    final = MeanComparison(method=Method.WELCH_T, response=Response.FINAL)
    assert said(trial(Ancova(), final), late) == [
        (
            "[analyses 'a1'] method: found ancova, which reads the baseline value of 'pain', but pain "
            "is filled in at W6, W12 only; expected 'BL' among the visits of forms/pain.toml, or an "
            "analysis without it"
        )
    ]


def test_a_value_is_not_read_where_its_condition_cannot_hold() -> None:
    later = replace(item("vas"), shown_when="visit <> 'BL'")
    (pain,) = compiled((replace(PAIN, items=(later,)),), DataFormat())
    assert said(trial(Ancova(covariates=("baseline",))), pain) == [
        (
            "[analyses 'a1'] method: found ancova, which reads the baseline value of 'pain', but "
            "pain.vas is asked at W6, W12 only; expected 'BL' among the visits at which its "
            "shown_when can hold, or an analysis without it"
        )
    ]
    assert said(trial(Ancova(covariates=(), response=Response.FINAL)), pain) == []


def test_chosen_visits_are_asked() -> None:
    early = replace(PAIN, visits=("BL", "W12"))
    assert said(trial(Mmrm(visits=("W6", "W12"))), early) == [
        (
            "[analyses 'a1'] method: found mmrm of the values at W6, but pain is filled in at BL, W12 "
            "only; expected 'W6' among the visits of forms/pain.toml, or not among those of the analysis"
        )
    ]
    assert said(trial(Mmrm(visits=("W12",))), early) == []


STRATIFIED = {
    method: kind
    for method, kind in SPECIFICATIONS.items()
    if any(each.name == STRATA for each in fields(kind))
}


@pytest.mark.parametrize("method", STRATIFIED, ids=str)
def test_a_number_is_no_stratum_of_any_method(method: Method) -> None:
    kind = STRATIFIED[method]
    one = "pain.vas" if kind is StratifiedProportions else ("pain.vas",)
    (found,) = said(trial(kind(method=method, strata=one)), PAIN)
    assert "strata: found pain.vas, a number, of which each value would be a stratum" in found
    assert "expected an item with choices" in found


def test_every_method_with_strata_is_meant() -> None:
    wanted = {"van_elteren", "cochran_mantel_haenszel", "cox", "log_rank", "lwyy"}
    assert wanted <= {method.value for method in STRATIFIED}


def test_a_repeated_analysis_has_visits_after_baseline() -> None:
    only = replace(PAIN, visits=("BL",))
    assert said(trial(Mmrm()), only) == [
        (
            "[analyses 'a1'] method: found mmrm of 'pain', whose form pain is not filled in after BL; "
            "expected a form that is filled in at visits after baseline"
        )
    ]
    assert said(trial(Ancova()), only) == []


def test_a_visit_that_comes_before_baseline_is_none_after_it() -> None:
    before = Visit(code="SCR", label="Screening", target_day=-7, window=Window(early=3, late=3))
    plan = trial(Mmrm())
    plan = replace(plan, visits=(before, *plan.visits))
    assert len(said(plan, replace(PAIN, visits=("SCR", "BL")))) == 1
    assert said(plan, replace(PAIN, visits=("SCR", "BL", "W12"))) == []


RULE = PopulationRule(code="pp", label="Per protocol", definition="As planned.")
RECORDED = {
    "completed": ({"completed": True}, [Purpose.COMPLETED]),
    "received_any": ({"received_any": True}, [Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON]),
    "received_allocated": (
        {"received_allocated": True},
        [Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON],
    ),
    "group_by": ({"group_by": Grouping.RECEIVED}, [Purpose.ARM_RECEIVED]),
}


@pytest.mark.parametrize("key", RECORDED)
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_condition_of_a_population_is_recorded_once_a_participant(
    key: str, purpose: Purpose
) -> None:
    changes, enough = RECORDED[key]
    plan = trial(populations=(replace(RULE, **changes),))
    names = " or ".join(repr(each.value) for each in enough)
    complaint = (
        f"[populations 'pp'] {key}: found a condition that no form records; expected an item with "
        f"purpose = {names} in a form with one row a participant"
    )
    once = form("end", item("x", ItemType.TEXT, purpose))
    assert said(plan, once) == ([] if purpose in enough else [complaint])
    # one of several visits, or of several rows, does not say it of the participant
    assert said(plan, replace(once, visits=("BL",))) == [complaint]
    assert said(plan, replace(once, repeating=True)) == [complaint]


def test_a_population_without_conditions_needs_nothing() -> None:
    assert said(trial(populations=(RULE, replace(RULE, group_by=Grouping.ALLOCATED)))) == []


def test_attendance_is_counted_of_a_session_log_and_planned_sessions() -> None:
    plan = trial(populations=(replace(RULE, minimum_attendance_percent=66.5),))
    log = form("log", kind=FormKind.SESSIONS, repeating=True)
    key = "[populations 'pp'] minimum_attendance_percent: found 66.5 %, but "
    unplanned = f"{key}no arm with planned sessions; expected arms.intervention.sessions"
    assert said(plan, log) == said(plan) == [unplanned]
    placebo, active = plan.arms
    without = replace(active, intervention=Intervention(name="Pills"))
    assert said(replace(plan, arms=(placebo, without)), log) == [unplanned]
    trained = replace(active, intervention=Intervention(name="Training", sessions=12))
    planned = replace(plan, arms=(placebo, trained))
    assert said(planned, log) == []
    assert said(planned, PAIN) == [
        f"{key}no form of kind sessions; expected a session log, one row a session"
    ]


def test_several_choices_are_described_and_no_level_of_a_model() -> None:
    asked = form("history", item("ill", ItemType.MULTI_CHOICE), item("sex", ItemType.CHOICE))
    rows = tuple(Characteristic(form="history", item=name) for name in ("ill", "sex"))
    adjusted = Ancova(covariates=("history.ill", "history.sex"))
    split = Subgroups(by="history.ill")
    plan = trial(adjusted, split, characteristics=rows)
    assert said(plan, PAIN, asked) == [
        f"[analyses '{name}'] {option}: found history.ill, of which a participant may have several "
        "choices; expected a number, or an item with one answer"
        for name, option in (("a1", "covariates"), ("a2", "by"))
    ]
    assert said(trial(characteristics=rows), PAIN, asked) == []


NEVER = "cut points that leave somebody to every level"
LEVELS = {
    "a number without cut points": (
        "age",
        (),
        (
            "by: found demo.age, a number, and no cut_points; expected cut_points = [...], which make "
            "levels of it, or an item with choices"
        ),
    ),
    "a calculated number without": (
        "index",
        (),
        (
            "by: found demo.index, a number, and no cut_points; expected cut_points = [...], which make "
            "levels of it, or an item with choices"
        ),
    ),
    "cut points of a choice": (
        "sex",
        (1.0,),
        (
            "cut_points: found cut points of demo.sex, an item of type choice; expected no such key, "
            "since its answers are the levels, or by = a number"
        ),
    ),
    "cut points of a text": (
        "job",
        (1.0,),
        (
            "cut_points: found cut points of demo.job, an item of type text; expected no such key, "
            "since its answers are the levels, or by = a number"
        ),
    ),
    "nobody below": (
        "age",
        (18.0, 65.0),
        (
            "cut_points: found '< 18 years' of demo.age, which nobody can have: it is a whole number "
            f"from 18 to 90; expected {NEVER}"
        ),
    ),
    "nobody above": (
        "age",
        (40.0, 90.5),
        (
            "cut_points: found '≥ 90.5 years' of demo.age, which nobody can have: it is a whole number "
            f"from 18 to 90; expected {NEVER}"
        ),
    ),
    "nobody at either end": (
        "vas",
        (0.0, 100.1),
        (
            "cut_points: found '< 0 mm' and '≥ 100.1 mm' of demo.vas, which nobody can have: it is a "
            f"number from 0 to 100; expected {NEVER}"
        ),
    ),
    "no whole number between": (
        "visits",
        (1.2, 1.8),
        (
            "cut_points: found '1.2 to < 1.8' of demo.visits, which nobody can have: it is a whole "
            f"number; expected {NEVER}"
        ),
    ),
    "the whole range": ("age", (18.5, 90.0), ""),
    "no limits": ("index", (-1e6, 1e6), ""),
    "choices": ("sex", (), ""),
    "words": ("job", (), ""),
}


@pytest.mark.parametrize(("name", "points", "complaint"), LEVELS.values(), ids=LEVELS)
def test_levels_of_a_subgroup_are_choices_or_cut_from_a_number(
    name: str, points: tuple[float, ...], complaint: str
) -> None:
    age = replace(item("age", ItemType.INTEGER), unit="years", range=Range(low=18, high=90.0))
    kinds = {
        "sex": ItemType.CHOICE, "job": ItemType.TEXT, "vas": ItemType.VISUAL_ANALOGUE,
        "visits": ItemType.INTEGER, "index": ItemType.CALCULATED,
    }  # fmt: skip
    asked = form("demo", age, *(item(each, kind) for each, kind in kinds.items()))
    rows = tuple(Characteristic(form="demo", item=each.id) for each in asked.items)
    plan = trial(Subgroups(by=f"demo.{name}", cut_points=points), characteristics=rows)
    expected = f"[analyses 'a1'] {complaint}"
    assert said(plan, PAIN, asked) == ([expected] if complaint else [])


SINGLE = {
    "repeats": (
        {"form": "log", "item": "note"},
        (
            "[characteristics log.note] form: found 'log', which has several rows for a participant; "
            "expected a form that is not repeating"
        ),
    ),
    "a date": (
        {"form": "pain", "item": "day", "visit": "BL"},
        (
            "[characteristics pain.day] item: found an item of type date; expected a number, choice, "
            "yes/no or text"
        ),
    ),
    "no baseline": (
        {"form": "late", "item": "vas"},
        (
            "[characteristics late.vas] visit: found no visit, but late is not filled in at BL; "
            "expected one of W6, W12"
        ),
    ),
    "a visit of its own": ({"form": "late", "item": "vas", "visit": "W6"}, ""),
    "at baseline": ({"form": "pain", "item": "vas"}, ""),
    "once": ({"form": "demo", "item": "sex"}, ""),
    "no such form": ({"form": "zzz", "item": "vas"}, ""),
    "no such item": ({"form": "pain", "item": "zzz"}, ""),
}


@pytest.mark.parametrize(("row", "complaint"), SINGLE.values(), ids=SINGLE)
def test_a_characteristic_is_one_value_of_a_participant(
    row: dict[str, str], complaint: str
) -> None:
    forms = (
        form("log", item("note", ItemType.TEXT), repeating=True),
        replace(PAIN, items=(item("vas"), item("day", ItemType.DATE))),
        form("late", item("vas"), visits=("W6", "W12")),
        form("demo", item("sex", ItemType.CHOICE)),
    )
    plan = trial(characteristics=(Characteristic(**row),))
    assert said(plan, *forms) == ([complaint] if complaint else [])


ALLOCATION = {
    "block": item("box", ItemType.TEXT, Purpose.BLOCK),
    "stratum": item("layer", ItemType.TEXT, Purpose.STRATUM),
}


@pytest.mark.parametrize(
    ("kind", "strata", "asked", "lacking"),
    [
        (RandomisationType.SIMPLE, (), (), ()),
        (RandomisationType.NOT_REPORTED, (), (), ()),
        (RandomisationType.PERMUTED_BLOCKS, (), (), ("block",)),
        (RandomisationType.PERMUTED_BLOCKS, (), ("block",), ()),
        (RandomisationType.PERMUTED_BLOCKS, ("site",), ("block",), ("stratum",)),
        (RandomisationType.STRATIFIED_BLOCKS, ("site",), (), ("block", "stratum")),
        (RandomisationType.STRATIFIED_BLOCKS, (), ("block", "stratum"), ()),
        (RandomisationType.SIMPLE, ("site",), ("block",), ("stratum",)),
    ],
)
def test_a_re_randomisation_needs_the_blocks_and_strata_that_were_used(
    kind: RandomisationType,
    strata: tuple[str, ...],
    asked: tuple[str, ...],
    lacking: tuple[str, ...],
) -> None:
    plan = trial(
        Rerandomisation(response=Response.FINAL),
        Ancova(covariates=()),
        randomisation=Randomisation(type=kind, strata=strata),
    )
    free = trial(
        TrimmedMean(restricted=False, response=Response.FINAL), randomisation=plan.randomisation
    )
    assert said(free, PAIN, form("list", kind=FormKind.RANDOMISATION)) == []
    allocated = form("list", *(ALLOCATION[each] for each in asked), kind=FormKind.RANDOMISATION)
    assert said(plan, PAIN, allocated) == [
        (
            f"[analyses 'a1'] method: found rerandomisation within the {each} that the randomisation "
            f"({kind.value}) used, which no form asks for; expected an item with purpose = {each!r} "
            "in the form of kind randomisation, or another method"
        )
        for each in lacking
    ]
    # of several rows of a participant nobody knows which tells the block
    needed = {"block"} if plan.randomisation.is_blocked else set()
    needed |= {"stratum"} if plan.randomisation.is_stratified else set()
    assert len(said(plan, PAIN, replace(allocated, repeating=True))) == len(needed)


@pytest.mark.parametrize("purpose", [Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON])
def test_an_effect_in_who_complies_needs_a_form_that_asks_what_was_received(
    purpose: Purpose,
) -> None:
    plan = trial(ComplierEffect(covariates=()), Ancova(covariates=()))
    lacking = [
        (
            "[analyses 'a1'] method: found complier_effect, and no form that asks what was received; "
            "expected an item with purpose = 'arm_received' or 'not_received_reason' in a form with "
            "one row for a participant"
        )
    ]
    assert said(plan, PAIN) == lacking
    asks = form("given", item("given", ItemType.CHOICE, purpose))
    assert said(plan, PAIN, asks) == []
    assert said(plan, PAIN, replace(asks, repeating=True)) == lacking


def test_what_decides_between_tied_pairs_is_asked_at_the_time_point() -> None:
    wins = PairComparison(method=Method.WIN_RATIO, then=(NextPriority(outcome="sleep"),))
    sleep = replace(OUTCOME, code="sleep", form="diary", item="hours")
    plan = trial(wins, outcomes=(OUTCOME, sleep))
    asked = form("diary", item("hours"), visits=("BL", OUTCOME.time_point))
    assert said(plan, PAIN, asked) == []
    (found,) = said(plan, PAIN, replace(asked, visits=("BL",)))
    assert (
        f"then: found 'sleep' at {OUTCOME.time_point}, but diary.hours is asked at BL only" in found
    )
