"""Each arm's intervention is told in TIDieR's order, and answers what it says and nothing else."""

from dataclasses import fields, replace
from typing import Any

import pytest

from tests.report.factory import made_up_protocol
from tests.report.sections.telling import answered, told_by
from trialkit.protocol.trial.interventions import Arm, ExerciseProgramme, Intervention
from trialkit.protocol.trial.kinds import InterventionKind
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.sections.interventions import extension_claims, interventions

TEXTS = {
    "rationale": "Why", "materials": "A mat", "procedures": "Stretching", "provider": "A coach",
    "delivery": "In pairs", "place": "A gym", "tailoring": "By pain", "adherence": "A diary",
}  # fmt: skip
DOSE = {"sessions": 12, "sessions_per_week": 1.5, "minutes_per_session": 45, "weeks": 8}
PROGRAMME = ExerciseProgramme(
    equipment="A band", grouping="Alone", supervision="Always", motivation="Praise",
    progression_rule="When easy", progression="More weight", exercises=("Squat", "Plank"),
    sets_and_repetitions="3 sets of 10",
    home_programme="None at home", other_components="A talk", starting_level="Half",
    fidelity="Watched",
)  # fmt: skip
FULL = Intervention(
    name="Training", kind=InterventionKind.EXERCISE, exercise=PROGRAMME, **TEXTS, **DOSE
)


def arm(code: str, intervention: Intervention | None, *, reference: bool = False) -> Arm:
    return Arm(code=code, label=f"Arm {code}", reference=reference, intervention=intervention)


def trial(*arms: Arm) -> Protocol:
    return replace(made_up_protocol(), arms=arms)


def claims_of(protocol: Protocol) -> tuple[Claim, ...]:
    return tuple(claim for block in interventions(protocol) for claim in block.claims)


def test_everything_of_an_intervention_is_told_in_its_order() -> None:
    protocol = trial(arm("A", Intervention(name="Rest"), reference=True), arm("B", FULL))
    assert told_by(interventions(protocol)) == [
        "Arm A (reference): Name = Rest.",
        (
            "Arm B: Name = Training. | Rationale = Why. | Materials = A mat. | "
            "Procedures = Stretching. | Provided by = A coach. | Delivery = In pairs. | "
            "Place = A gym. | Dose = Planned: 12 sessions, 1.5 a week, 45 minutes each, 8 weeks. | "
            "Tailoring = By pain. | Adherence = A diary. | Equipment = A band. | Grouping = Alone. | "
            "Supervision = Always. | Motivation = Praise. | Rule of progression = When easy. | "
            "Progression = More weight. | Exercises = Squat; Plank. | Sets and repetitions = 3 sets of "
            "10. | Home programme = None at home. "
            "| Other components = A talk. | Starting level = Half. | Fidelity = Watched."
        ),
    ]


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        ({"sessions": 1, "minutes_per_session": 1, "weeks": 1}, "1 session, 1 minute each, 1 week"),
        ({"sessions": 2}, "2 sessions"),
        ({"sessions_per_week": 2}, "2 a week"),
        ({"minutes_per_session": 22.5}, "22.5 minutes each"),
        ({"weeks": 6}, "6 weeks"),
        ({"weeks": 6, "sessions": 4}, "4 sessions, 6 weeks"),
    ],
)
def test_a_dose_is_told_as_far_as_it_is_planned(dose: dict[str, Any], words: str) -> None:
    (text,) = told_by(interventions(trial(arm("A", Intervention(name="Care", **dose)))))
    assert text == f"Arm A: Name = Care. | Dose = Planned: {words}."


def test_arms_without_an_intervention_are_not_described() -> None:
    assert interventions(trial(arm("A", None), arm("B", None))) == ()
    assert told_by(interventions(trial(arm("A", None), arm("B", Intervention(name="Care"))))) == [
        "Arm B: Name = Care."
    ]


def item_13(*interventions_of_arms: Intervention | None) -> str | None:
    """What item 13 lacks in a trial of these interventions; None where nothing answers it."""
    arms = [arm("AB"[n], each) for n, each in enumerate(interventions_of_arms)]
    return answered(claims_of(trial(*arms))).get(("13", "interventions of every arm"))


def test_item_13_is_answered_by_procedures_and_says_what_is_open() -> None:
    full, bare = Intervention(name="Walking", procedures="As told"), Intervention(name="Tablets")
    silent = replace(full, procedures="Not reported")
    assert item_13(full, full) == ""
    assert item_13(full, bare) == "procedures not reported for Arm B"
    assert item_13(silent, full) == "procedures not reported for Arm A"
    assert item_13(full, None) is None, "as many arms lack procedures as are described"
    assert item_13(bare, bare) is None
    open_place = replace(full, place="not reported in the paper", provider="Not reported")
    assert item_13(open_place, replace(full, place="Not reported", materials="not reported")) == (
        "not reported: provided by, place and materials"
    )


def test_claims_stand_at_the_first_description_alone() -> None:
    blocks = interventions(trial(arm("A", None), arm("B", FULL), arm("C", FULL)))
    assert [bool(block.claims) for block in blocks] == [True, False]
    counted = {claim.part for claim in blocks[0].claims if claim.source is ClaimSource.PROTOCOL}
    worded = {claim.part for claim in blocks[0].claims if claim.source is ClaimSource.WORDS}
    assert counted == {"dose", "sessions", "length of a session", "weeks"}
    assert {"name", "rationale", "interventions of every arm"} <= worded


def test_a_name_that_is_none_answers_nothing() -> None:
    arms = [arm("A", Intervention(name="TBD")), arm("B", Intervention(name="Walking"))]
    assert answered(extension_claims(arms), checklist="tidier") == {("1", "name"): "not for Arm A"}
    assert extension_claims(arms[:1]) == ()


TIDIER = {
    "rationale": ("2", "rationale"), "materials": ("3", "materials"),
    "procedures": ("4", "procedures"), "provider": ("5", "provider"),
    "delivery": ("6", "delivery"), "place": ("7", "place"), "tailoring": ("9", "tailoring"),
    "adherence": ("11", "adherence"),
}  # fmt: skip
NPT = {
    "procedures": ("5a", "components"), "tailoring": ("5a", "tailoring"),
    "adherence": ("5d", "adherence of participants"),
}  # fmt: skip
CERT = {
    "provider": [("2", "provider")], "adherence": [("5", "how it is measured")],
    "place": [("12", "place")], "tailoring": [("14a", "tailoring"), ("14b", "how")],
    "equipment": [("1", "equipment")], "grouping": [("3", "grouping")],
    "supervision": [("4", "supervision")], "motivation": [("6", "motivation")],
    "progression_rule": [("7a", "progression rule")], "progression": [("7b", "progression")],
    "exercises": [("8", "exercises")], "home_programme": [("9", "home programme")],
    "other_components": [("10", "other components")],
    "sets_and_repetitions": [("13", "sets and repetitions")],
    "starting_level": [("15", "starting level")], "fidelity": [("16a", "fidelity")],
}  # fmt: skip


def of(claims: tuple[Claim, ...], checklist: str) -> set[tuple[str, str]]:
    return set(answered(claims, checklist=checklist))


@pytest.mark.parametrize("field", TEXTS)
def test_each_text_answers_its_rows_of_the_extensions_and_no_others(field: str) -> None:
    own = Intervention(name="Walking", kind=InterventionKind.EXERCISE, **{field: "Said"})
    claims = extension_claims([arm("A", own)])
    named = {("1", "name")}
    assert of(claims, "tidier") == named | {TIDIER[field]}
    assert of(claims, "npt") == ({NPT[field]} if field in NPT else set())
    assert of(claims, "cert") == set(CERT.get(field, []))


@pytest.mark.parametrize("field", [each.name for each in fields(ExerciseProgramme)])
def test_each_text_of_a_programme_answers_its_row_of_cert(field: str) -> None:
    words: Any = ("Said",) if field == "exercises" else "Said"
    programme = ExerciseProgramme(**{field: words})
    own = Intervention(name="Walking", kind=InterventionKind.EXERCISE, exercise=programme)
    claims = extension_claims([arm("A", own)])
    assert of(claims, "cert") == set(CERT[field])
    fidelity = {("5c", "adherence of providers")} if field == "fidelity" else set()
    assert of(claims, "npt") == fidelity


def test_a_dose_answers_tidier_and_of_exercise_cert() -> None:
    dosed = Intervention(name="Walking", sessions=3)
    assert of(extension_claims([arm("A", dosed)]), "tidier") == {("1", "name"), ("8", "dose")}
    assert of(extension_claims([arm("A", dosed)]), "cert") == set()
    training = replace(dosed, kind=InterventionKind.EXERCISE)
    assert of(extension_claims([arm("A", training)]), "cert") == {("13", "sessions")}
    whole = replace(training, minutes_per_session=30, weeks=4)
    assert of(extension_claims([arm("A", whole)]), "cert") == {
        ("13", "sessions"),
        ("13", "length of a session"),
        ("13", "weeks"),
    }


def test_arms_that_do_not_say_it_are_named_and_those_who_get_nothing_need_not() -> None:
    says = Intervention(name="Walking", place="Here", kind=InterventionKind.EXERCISE)
    silent = replace(says, place="Not reported")
    other = Intervention(name="Tablets", kind=InterventionKind.DRUG)
    nothing = Intervention(name="Nothing", kind=InterventionKind.NO_INTERVENTION)
    arms = [arm("A", silent), arm("B", says), arm("C", other), arm("D", nothing)]
    claims = extension_claims(arms)
    assert answered(claims, checklist="tidier")["7", "place"] == "not for Arm A and Arm C"
    assert answered(claims, checklist="cert")["12", "place"] == "not for Arm A"
    only = extension_claims([arm("D", replace(nothing, place="Home"))])
    assert of(only, "tidier") == {("1", "name")}
