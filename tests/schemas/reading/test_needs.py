"""What the plan needs of the forms is said when the trial is opened, not when it is analysed."""

from dataclasses import replace

import pytest

from tests.miniature import Miniature, protocol
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.protocol.tables.labels import EXPECTED
from trialkit.protocol.trial.data_format import DataFormat, MissingCode
from trialkit.protocol.trial.interventions import Intervention
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import Characteristic, Grouping, PopulationRule
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Rule, Severity
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.conditions import compiled
from trialkit.schemas.reading.needs import complain_of_analyses, complain_of_needs

PAIN = Outcome(
    code="pain",
    label="Pain",
    type=OutcomeType.CONTINUOUS,
    role=OutcomeRole.PRIMARY,
    form="pain",
    item="vas_mm",
    time_point="W6",
    metric="change from baseline",
    aggregation="mean",
    direction=Direction.LOWER,
)


def analysed(specification, outcome=PAIN):
    """The small trial with one analysis, and its forms as they are."""
    trial = Miniature()
    analysis = Analysis(
        id="first",
        role=AnalysisRole.PRIMARY,
        outcomes=(outcome.code,),
        population="itt",
        estimand="E1",
        specification=specification,
    )
    plan = replace(trial.protocol.plan, analyses=(analysis,))
    trial.protocol = replace(trial.protocol, plan=plan, outcomes=(outcome,))
    return trial


def without_baseline(trial):
    pain = trial.forms["pain"].replace('visits = ["BL", "W6"]', 'visits = ["W6"]')
    trial.forms["pain"] = pain.split('[[rules]]\nid = "PAIN02"')[0]
    return trial


def complaints(trial, folder):
    with pytest.raises(ProtocolError) as error:
        trial.schemas(folder)
    return [str(each) for each in error.value.complaints]


@pytest.mark.parametrize(
    "specification",
    [
        Ancova(),
        Ancova(covariates=(), response=Response.CHANGE),
        MeanComparison(method=Method.WELCH_T),
        MixedAnova(),
        Mmrm(),
        WithinArms(method=Method.PAIRED_T),
        ResponderComparison(missing=MissingRule.OBSERVED_ONLY, improved_by=5),
        ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by=5),
    ],
)
def test_who_reads_the_baseline_needs_it_asked(specification, tmp_path):
    trial = analysed(specification)
    trial.schemas(tmp_path / "asked")

    said = complaints(without_baseline(trial), tmp_path / "unasked")

    assert len(said) == 1
    assert "[analyses 'first'] method: found " in said[0]
    assert "reads the baseline value of 'pain', but pain is filled in at W6 only" in said[0]


@pytest.mark.parametrize(
    "specification",
    [
        Ancova(covariates=()),
        MeanComparison(method=Method.WELCH_T, response=Response.FINAL),
        Mmrm(covariates=(), response=Response.FINAL),
    ],
)
def test_who_does_not_read_the_baseline_does_without(specification, tmp_path):
    trial = without_baseline(analysed(specification))

    assert trial.schemas(tmp_path).form("pain").visits == ("W6",)


def test_a_proportion_needs_no_baseline(tmp_path):
    outcome = replace(PAIN, item="drug", type=OutcomeType.BINARY)
    trial = without_baseline(analysed(ProportionComparison(), outcome))

    assert trial.schemas(tmp_path).form("pain").visits == ("W6",)


def test_a_form_without_visits_has_no_baseline_value(tmp_path):
    outcome = replace(PAIN, form="screening", item="age_years")

    said = complaints(analysed(Ancova(), outcome), tmp_path)

    assert "reads the baseline value of 'pain', but screening is filled in at W6 only" in said[0]


@pytest.mark.parametrize("specification", [MixedAnova(), Mmrm()])
def test_a_repeated_analysis_needs_a_visit_after_baseline(specification, tmp_path):
    trial = analysed(specification)
    trial.forms["pain"] = trial.forms["pain"].replace('visits = ["BL", "W6"]', 'visits = ["BL"]')

    said = " ".join(complaints(trial, tmp_path))

    assert "'pain', whose form pain is not filled in after BL" in said
    assert "found 'W6', at which pain is not asked" in said


RULE = PopulationRule(code="pp", label="Per protocol", definition="As planned.")


@pytest.mark.parametrize(
    ("rule", "key", "expected"),
    [
        (replace(RULE, received_any=True), "received_any", "'arm_received' or 'not_received"),
        (replace(RULE, received_allocated=True), "received_allocated", "purpose = 'arm_received'"),
        (replace(RULE, group_by=Grouping.RECEIVED), "group_by", "purpose = 'arm_received'"),
        (replace(RULE, completed=True), "completed", "purpose = 'completed'"),
    ],
)
def test_a_condition_of_a_population_must_be_recorded(rule, key, expected, tmp_path):
    trial = Miniature()
    trial.protocol = replace(trial.protocol, populations=(rule,))
    trial.forms["end_of_study"] = trial.forms["end_of_study"].replace('purpose = "completed"\n', "")

    said = complaints(trial, tmp_path)

    assert len(said) == 1
    assert f"[populations 'pp'] {key}: found a condition that no form records" in said[0]
    assert expected in said[0]


def test_a_condition_that_is_recorded_is_none(tmp_path):
    trial = Miniature()
    trial.protocol = replace(trial.protocol, populations=(replace(RULE, completed=True),))

    assert trial.schemas(tmp_path).form("end_of_study").item("completed")


def test_attendance_needs_a_session_log_and_planned_sessions(tmp_path):
    trial = Miniature()
    rule = replace(RULE, minimum_attendance_percent=75.0)
    trial.protocol = replace(trial.protocol, populations=(rule,))

    assert "found 75 %, but no arm with planned sessions" in complaints(trial, tmp_path / "a")[0]

    placebo, active = trial.protocol.arms
    active = replace(active, intervention=Intervention(name="Training", sessions=12))
    trial.protocol = replace(trial.protocol, arms=(placebo, active))

    assert "found 75 %, but no form of kind sessions" in complaints(trial, tmp_path / "b")[0]

    trial.forms["diary"] = trial.forms["diary"].replace('"other"', '"sessions"')
    assert trial.schemas(tmp_path / "c").form("diary")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (Characteristic(form="diary", item="note"), "'diary', which has several rows"),
        (Characteristic(form="screening", item="screening_date"), "an item of type date"),
        (Characteristic(form="pain", item="visit_date", visit="BL"), "an item of type date"),
    ],
)
def test_a_characteristic_is_one_value_of_a_participant(row, expected, tmp_path):
    trial = Miniature()
    trial.protocol = replace(trial.protocol, characteristics=(row,))

    said = complaints(trial, tmp_path)

    assert len(said) == 1
    assert expected in said[0]


def test_a_characteristic_is_taken_where_its_form_is_filled_in(tmp_path):
    trial = without_baseline(Miniature())
    trial.protocol = replace(
        trial.protocol, characteristics=(Characteristic(form="pain", item="vas_mm"),)
    )

    assert "found no visit, but pain is not filled in at BL" in complaints(trial, tmp_path)[0]


def test_a_trial_records_who_was_screened(tmp_path):
    trial = Miniature()
    trial.forms["screening"] = trial.forms["screening"].replace('"screening"\nexp', '"other"\nexp')

    said = complaints(trial, tmp_path)

    assert said[0].startswith("forms/: found no form of kind screening; expected one row for every")


def test_who_was_screened_is_one_row(tmp_path):
    trial = Miniature()
    trial.forms["screening"] = trial.forms["screening"].replace("[form]", '[form]\nvisits = ["BL"]')
    trial.forms["randomisation"] = trial.forms["randomisation"].split("[[rules]]")[0]

    assert "found several rows for a person" in " ".join(complaints(trial, tmp_path))


def test_a_missing_code_that_an_item_could_mean_is_refused(tmp_path):
    trial = Miniature()
    code = MissingCode(code="1900-01-01", label="no date")
    trial.protocol = replace(trial.protocol, data=DataFormat(missing_codes=(code,)))

    said = complaints(trial, tmp_path)

    assert {each.split(": found")[0] for each in said} == {
        "forms/screening.toml: [items 'screening_date'] type",
        "forms/randomisation.toml: [items 'randomisation_date'] type",
        "forms/pain.toml: [items 'visit_date'] type",
        "forms/end_of_study.toml: [items 'end_date'] type",
    }
    assert "as which the missing code '1900-01-01' can be read" in said[0]


def test_a_missing_code_of_letters_is_taken(tmp_path):
    trial = Miniature()
    code = MissingCode(code="CLOSED", label="site closed")
    trial.protocol = replace(trial.protocol, data=DataFormat(missing_codes=(code,)))

    assert trial.schemas(tmp_path).data.missing_codes == (code,)


def form(name, *items, kind=FormKind.OTHER, **more):
    """A form by hand, for what is asked of forms directly."""
    parts = {
        "title": name, "visits": (), "repeating": False, "rules": (),
        "expected": Expected.AS_NEEDED, **more,
    }  # fmt: skip
    return Form(id=name, kind=kind, items=items, file=f"forms/{name}.toml", sha256="", **parts)


def item(name, kind=ItemType.DECIMAL, **more):
    return Item(id=name, label=name, type=kind, **more)


SCREENING = form("screening", kind=FormKind.SCREENING)
RANDOMISED = form(
    "randomised",
    item("day", ItemType.DATE, purpose=Purpose.RANDOMISATION_DATE),
    item("arm", ItemType.TEXT, purpose=Purpose.ARM),
    kind=FormKind.RANDOMISATION,
)
ASKED = form(
    "pain", item("vas_mm"), item("drug", ItemType.YES_NO), item("note", ItemType.TEXT),
    visits=("BL", "W6"),
)  # fmt: skip


def needs(*forms, trial=None):
    """What the protocol misses in these forms, beside a screening and a randomisation."""
    return raw(SCREENING, RANDOMISED, *forms, trial=trial)


def with_outcome(**changes):
    return replace(protocol(), outcomes=(replace(PAIN, **changes),))


def test_nothing_is_said_where_nothing_is_missed():
    assert needs(ASKED, trial=with_outcome()) == []
    assert needs(ASKED, trial=with_outcome(item="drug", type=OutcomeType.BINARY)) == []


OUTCOMES = [
    (
        {"form": "pian"},
        (
            "form: found 'pian'; expected a form of the trial, screening, randomised, pain; did you "
            "mean 'pain'?"
        ),
    ),
    ({"item": "vas"}, "item: found 'vas'; expected an item of pain; did you mean 'vas_mm'?"),
    ({"item": "zzz"}, "item: found 'zzz'; expected an item of pain"),
    (
        {"item": "note"},
        (
            "item: found pain.note, an item of type text; expected an item of type integer or decimal "
            "or calculated or visual_analogue for a continuous outcome"
        ),
    ),
    (
        {"type": OutcomeType.BINARY},
        (
            "item: found pain.vas_mm, an item of type decimal; expected an item of type yes_no for a "
            "binary outcome"
        ),
    ),
    (
        {"time_point": "W12"},
        "time_point: found 'W12', at which pain is not asked; expected one of BL, W6",
    ),
]


@pytest.mark.parametrize(("changes", "complaint"), OUTCOMES)
def test_an_outcome_is_asked_as_its_kind_at_its_visit(changes, complaint):
    assert needs(ASKED, trial=with_outcome(**changes)) == [
        f"protocol.toml: [outcomes 'pain'] {complaint}"
    ]


def test_an_outcome_of_a_form_that_repeats_or_has_no_visits():
    assert needs(replace(ASKED, repeating=True), trial=with_outcome()) == [
        (
            "protocol.toml: [outcomes 'pain'] combine: found 'pain', which may have any number of "
            "rows for a participant and visit; expected combine = 'mean' or 'sum' or 'max' or "
            "'min' or 'worst' or 'first', or one_row_for in forms/pain.toml with what tells its rows apart"
        )
    ]
    assert needs(replace(ASKED, visits=()), trial=with_outcome()) == []


CHARACTERISTICS = [
    ({"form": "pain", "item": "vas_mm", "visit": "BL"}, None),
    ({"form": "pain", "item": "vas_mm"}, None),
    (
        {"form": "pain", "item": "vas_mm", "visit": "W12"},
        "visit: found 'W12', at which pain is not asked; expected one of BL, W6",
    ),
    (
        {"form": "screening", "item": "age", "visit": "BL"},
        "item: found 'age'; expected an item of screening",
    ),
    ({"form": "randomised", "item": "arm", "visit": "BL"}, "visit: found 'BL', at which randomised is not asked; expected no visit"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "complaint"), CHARACTERISTICS)
def test_a_characteristic_is_asked_at_its_visit(row, complaint):
    trial = replace(protocol(), characteristics=(Characteristic(**row),))
    begin = f"protocol.toml: [characteristics {row['form']}.{row['item']}] "
    assert needs(ASKED, trial=trial) == ([f"{begin}{complaint}"] if complaint else [])


def test_an_outcome_is_asked_at_its_time_point_by_its_condition_too():
    shown = replace(item("vas_mm"), shown_when="visit = 'BL'")
    (asked,) = compiled((replace(ASKED, items=(shown, *ASKED.items[1:])),), DataFormat())
    assert needs(asked, trial=with_outcome()) == [
        (
            "protocol.toml: [outcomes 'pain'] time_point: found 'W6', at which vas_mm is never "
            "asked: visit = 'BL'; expected a visit at which its shown_when can hold"
        )
    ]


def test_two_forms_of_one_title_are_refused():
    others = [form(name, title=title) for name, title in (("one", "Pain"), ("two", " pain"))]
    assert [each for each in needs(*others) if "] title: " in each] == [
        f"forms/two.toml: [form] title: found ' pain' of 'two', the label of 'one', too; expected {EXPECTED}"
    ]


@pytest.mark.parametrize("kind", list(FormKind))
def test_of_some_kinds_there_is_one_form(kind):
    single = {"screening", "demographics", "randomisation", "sessions", "adverse_events", "serious_events", "end_of_study"}  # fmt: skip
    others = [form(name, kind=kind) for name in ("one", "two", "three")]
    said = [each for each in needs(*others) if "] kind: " in each]
    first = {FormKind.SCREENING: "screening", FormKind.RANDOMISATION: "randomised"}.get(kind, "one")
    assert said == [
        f"forms/{name}.toml: [form] kind: found a second form of kind {kind.value}, beside "
        f"forms/{first}.toml; expected one; others are of kind other"
        for name in ("one", "two", "three")
        if kind.value in single and name != first
    ]


def raw(*forms, trial=None):
    """What the forms lack, and what the analyses miss in them."""
    asked = (forms, trial or protocol())
    return [str(each) for each in (*complain_of_analyses(*asked), *complain_of_needs(*asked))]


def test_who_was_screened_and_randomised_is_one_row_each():
    for changes, key in (({"visits": ("BL",)}, "visits"), ({"repeating": True}, "repeating")):
        assert raw(replace(SCREENING, **changes), RANDOMISED) == [
            (
                f"forms/screening.toml: [form] {key}: found several rows for a person; expected one "
                "row for each person who was assessed for eligibility"
            )
        ]
        assert raw(SCREENING, replace(RANDOMISED, **changes)) == [
            (
                f"forms/randomised.toml: [form] {key}: found several rows for a participant; expected "
                "one row for each randomised participant"
            )
        ]


def test_without_a_screening_it_is_said_what_is_missed():
    assert raw(RANDOMISED) == [
        (
            "forms/: found no form of kind screening; expected one row for everybody who was assessed "
            "for eligibility, randomised or not, such as forms/screening.toml of `trialkit new`"
        )
    ]


def test_who_waits_for_the_randomisation_needs_it():
    waiting = [form(name, expected=Expected.RANDOMISED) for name in ("one", "two")]
    assert raw(SCREENING, *waiting) == [
        (
            "forms/one.toml: [form] expected: found 'randomised', but no form is of kind randomisation; "
            "expected a form that records who was randomised, when, and into which arm"
        )
    ]
    assert raw(SCREENING, form("one")) == []


@pytest.mark.parametrize(("kept", "lacking"), [(0, "arm"), (1, "randomisation_date")])
def test_a_randomisation_has_its_day_and_its_arm(kept, lacking):
    assert raw(SCREENING, replace(RANDOMISED, items=RANDOMISED.items[kept : kept + 1])) == [
        (
            f"forms/randomised.toml: [items] purpose: found no item with purpose = '{lacking}'; "
            "expected one in the form of kind randomisation"
        )
    ]


CODES = {
    Purpose.ARM: ("P", "A"),
    Purpose.ARM_RECEIVED: ("P", "A"),
    Purpose.SITE: ("01",),
    Purpose.STRATUM: ("zzz",),
}


@pytest.mark.parametrize(("purpose", "known"), CODES.items())
def test_codes_of_arms_and_sites_are_the_protocols(purpose, known):
    def offering(*codes):
        choices = tuple(ItemChoice(code=code, label=code) for code in codes)
        return form("f", item("x", ItemType.CHOICE, choices=choices, purpose=purpose))

    assert needs(offering(*known)) == []
    said = needs(offering(*known, "PP"))
    near = "; did you mean 'P'?" if "P" in known else ""
    expected = f"expected codes of the protocol, {', '.join(known)}{near}"
    assert said == (
        []
        if purpose is Purpose.STRATUM
        else [f"forms/f.toml: [items 'x'] choices: found 'PP'; {expected}"]
    )


def test_a_missing_code_is_a_value_of_no_item():
    code = MissingCode(code="08:30", label="half past eight")
    trial = replace(
        protocol(), data=DataFormat(missing_codes=(code, MissingCode(code="XX", label="x")))
    )
    asked = form(
        "f", item("at", ItemType.TIME), item("n", ItemType.DECIMAL), item("t", ItemType.TEXT),
        item("c", ItemType.CHOICE, choices=(ItemChoice(code="08:30", label="x"),)),
    )  # fmt: skip
    assert needs(asked, trial=trial) == [
        (
            "forms/f.toml: [items 'at'] type: found time, as which the missing code '08:30' can be "
            "read; expected a code in [data] missing_codes that is no value, such as 'ND'"
        )
    ]
    assert needs(asked) == []


def test_each_rule_has_an_id_of_its_own_in_the_trial():
    rule = Rule(id="R1", expression="TRUE", severity=Severity.SOFT, message="m", items=("x",))
    other = replace(rule, id="R2")
    forms = (form("a", rules=(rule, other)), form("b", rules=(rule,)), form("c", rules=(rule,)))
    assert needs(*forms) == [
        f"forms/{name}.toml: [rules 'R1'] id: found an id that forms/a.toml has, too; expected "
        "each rule id once in the trial"
        for name in ("b", "c")
    ]
    # twice in one form is the form's own trouble
    assert needs(form("a", rules=(rule, rule))) == []
