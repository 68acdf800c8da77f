"""The rules on the design speak exactly when they should, and say it with the right numbers."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.report.factory import made_up_protocol
from tests.report.lint.evidence import ERROR, NOTE, UNDATED, WARNING, evidence_on, said_by, written
from tests.report.rows import result
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.conduct import Blinded
from trialkit.protocol.trial.kinds import InterventionKind, Reporter, Side
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.lint.design_rules import (
    VAGUE_DOSE,
    dose_is_vague,
    expectation_can_explain,
    registered_late,
    sides_counted_twice,
    size_does_not_follow,
    strata_left_out,
)
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TRIAL = made_up_protocol(arms=3)
REGISTERED = date(2023, 12, 1)
"""The day on which the made-up trial was registered."""


# R01


@pytest.mark.parametrize("early", [1, 0])
def test_a_registration_on_the_day_of_the_first_enrolment_is_in_time(early: int) -> None:
    dates = replace(UNDATED, first_screened=REGISTERED + timedelta(days=early))
    assert said_by(registered_late, evidence_on(TRIAL, dates=dates)) == []


def test_a_registration_a_day_after_the_first_enrolment_is_late() -> None:
    began = REGISTERED - timedelta(days=1)
    dates = replace(UNDATED, first_screened=began, start=REGISTERED)
    assert said_by(registered_late, evidence_on(TRIAL, dates=dates)) == [
        (
            ERROR,
            (
                f"Registered retrospectively: on {written(REGISTERED)}, 1 day after enrolment began "
                f"({written(began)})."
            ),
        )
    ]


def test_where_only_months_are_known_the_delay_is_the_least_that_it_can_be() -> None:
    dates = replace(
        UNDATED, start=date(2023, 10, 1), first_screened=date(2023, 10, 5), months_only=True
    )
    ((_, text),) = said_by(registered_late, evidence_on(TRIAL, dates=dates))
    assert text.endswith("at least 31 days after enrolment began (October\N{NO-BREAK SPACE}2023).")


def test_what_nobody_can_judge_is_a_warning_and_no_registration_an_error() -> None:
    undated = said_by(registered_late, evidence_on(TRIAL))
    assert undated == [
        (
            WARNING,
            (
                f"Registered on {written(REGISTERED)}; no date of enrolment is known, so that nobody "
                "can judge whether that was in time."
            ),
        )
    ]
    none = evidence_on(replace(TRIAL, registration=None))
    assert said_by(registered_late, none) == [(ERROR, "The trial names no registration.")]


# R12


def test_a_size_that_does_not_follow_is_said_as_a_sentence() -> None:
    speaks = evidence_on(TRIAL, mismatch="the assumptions need 64, and 30 are planned")
    assert said_by(size_does_not_follow, speaks) == [
        (ERROR, "The assumptions need 64, and 30 are planned.")
    ]
    ended = evidence_on(TRIAL, mismatch="it cannot be computed.")
    assert said_by(size_does_not_follow, ended) == [(ERROR, "It cannot be computed.")]
    assert said_by(size_does_not_follow, evidence_on(TRIAL)) == []


# R13


def untreated(
    *,
    arms: tuple[str, ...] = ("A0",),
    kind: InterventionKind = InterventionKind.WAITING_LIST,
    blinded: Blinded = Blinded.NO,
    by: Reporter = Reporter.PARTICIPANT,
    role: OutcomeRole = OutcomeRole.PRIMARY,
) -> Protocol:
    """A trial whose arms of these codes get nothing, and whose pain participants report."""
    pain, better = TRIAL.outcomes
    return replace(
        TRIAL,
        arms=tuple(
            replace(arm, intervention=replace(arm.intervention, kind=kind))
            if arm.code in arms and arm.intervention
            else arm
            for arm in TRIAL.arms
        ),
        outcomes=(replace(pain, reported_by=by, role=role), better),
        blinding=replace(
            TRIAL.blinding, participants=blinded, providers=Blinded.YES, assessors=Blinded.YES
        ),
    )


@pytest.mark.parametrize(
    ("blinded", "known"),
    [
        (Blinded.NO, "participants were not blinded"),
        (Blinded.NOT_REPORTED, "it is not reported whether participants were blinded"),
    ],
)
def test_an_untreated_reference_whose_participants_judge_themselves_is_warned_of(
    blinded: Blinded, known: str
) -> None:
    assert said_by(expectation_can_explain, evidence_on(untreated(blinded=blinded))) == [
        (
            WARNING,
            (
                f"Arm 0 gets nothing, {known}, and participants report the primary outcome themselves "
                "(Pain): expectation and attention alone can make a difference."
            ),
        )
    ]


@pytest.mark.parametrize(
    "silent",
    [
        untreated(blinded=Blinded.YES),
        untreated(by=Reporter.ASSESSOR),
        untreated(role=OutcomeRole.SECONDARY),
        untreated(kind=InterventionKind.PLACEBO),
        # what is compared may be a waiting list; the reference is what expectation speaks against
        untreated(arms=("A1", "A2")),
        TRIAL,
        replace(untreated(), arms=tuple(replace(arm, intervention=None) for arm in TRIAL.arms)),
    ],
)
def test_expectation_is_not_blamed_without_all_three(silent: Protocol) -> None:
    assert said_by(expectation_can_explain, evidence_on(silent)) == []


# R14


def sided(*sides: Side | None, measure: str = "grip") -> Protocol:
    pain = TRIAL.outcomes[0]
    return replace(
        TRIAL,
        outcomes=tuple(
            replace(pain, code=f"o{n}", label=f"Outcome {n}", side=side, measure=measure)
            for n, side in enumerate(sides)
        ),
    )


def test_the_two_sides_of_a_measure_are_counted_and_named() -> None:
    both = sided(Side.LEFT, Side.AFFECTED, Side.RIGHT, Side.LEFT)
    assert said_by(sides_counted_twice, evidence_on(both)) == [
        (
            WARNING,
            (
                "Three outcomes are the left and the right side of one measure (grip): Outcome 0, "
                "Outcome 2 and Outcome 3. The sides of a person are not independent, and one question "
                "is tested twice."
            ),
        )
    ]
    (notice,) = sides_counted_twice(evidence_on(both))
    assert notice.mend.startswith("Name one side by a rule, such as side = 'affected', ")


@pytest.mark.parametrize(
    "silent",
    [
        sided(Side.LEFT, Side.LEFT),
        sided(Side.RIGHT, Side.BOTH),
        sided(Side.AFFECTED, Side.UNAFFECTED),
        sided(Side.LEFT, Side.RIGHT, measure=""),
        sided(None, None),
    ],
)
def test_other_sides_are_one_question_each(silent: Protocol) -> None:
    assert said_by(sides_counted_twice, evidence_on(silent)) == []


# R16


def dosed(**changes: Any) -> Protocol:
    """The trial, with this intervention in its second arm; the others have no dose at all."""
    reference, second, third = made_up_protocol(arms=3).arms
    assert second.intervention is not None
    own = replace(second, intervention=replace(second.intervention, **changes))
    return replace(
        TRIAL,
        arms=(replace(reference, intervention=None), own, replace(third, intervention=None)),
    )


def log(arm: str = "A1") -> tuple[Result, ...]:
    place = {"analysis_id": "adherence", "outcome": "", "arm": arm}
    return (
        result(Stat.ATTENDED, 37, **place),
        result(Stat.PRESCRIBED, 45, **place),
        result(Stat.N, 8, **place),
    )


SAID = "The dose of Arm 1 is given as \N{LEFT DOUBLE QUOTATION MARK}up to 6\N{RIGHT DOUBLE QUOTATION MARK}"
VAGUE = "Walking for up to 6 weeks"


@pytest.mark.parametrize(
    ("protocol", "rows", "says"),
    [
        (
            dosed(delivery=VAGUE, sessions=None),
            log(),
            [(ERROR, f"{SAID}, and the number of planned sessions is not stated.")],
        ),
        (
            dosed(delivery=VAGUE, sessions=12),
            log("A2"),
            [(ERROR, f"{SAID}; no log says how many were delivered.")],
        ),
        (
            dosed(sessions=12),
            (),
            [(WARNING, "Arm 1 has 12 planned sessions; no log says how many were delivered.")],
        ),
        (
            dosed(delivery=VAGUE, sessions=12),
            log(),
            [
                (
                    NOTE,
                    (
                        f"{SAID}; 12 sessions a participant were planned, and 37 of 45 prescribed "
                        "were attended."
                    ),
                )
            ],
        ),
        (dosed(sessions=12), log(), []),
        (dosed(sessions=None), (), []),
    ],
)
def test_a_dose_needs_its_planned_and_its_delivered_number(
    protocol: Protocol, rows: tuple[Result, ...], says: list[tuple[Any, str]]
) -> None:
    assert said_by(dose_is_vague, evidence_on(protocol, *rows)) == says


@pytest.mark.parametrize("field", ["name", "procedures", "delivery", "tailoring", "adherence"])
def test_a_vague_dose_is_found_in_every_text_of_the_intervention(field: str) -> None:
    protocol = dosed(**{field: VAGUE}, sessions=None)
    ((severity, text),) = said_by(dose_is_vague, evidence_on(protocol))
    assert (severity, text[: len(SAID)]) == (ERROR, SAID)


@pytest.mark.parametrize(
    ("planned", "says"),
    [
        (12, []),
        # two and a half a week for five weeks are 12.5: half a session is rounding
        (13, []),
        (14, ["Arm 1: 2.5 sessions a week for 5 weeks are 12.5, but 14 are planned."]),
        (11, ["Arm 1: 2.5 sessions a week for 5 weeks are 12.5, but 11 are planned."]),
    ],
)
def test_sessions_a_week_times_weeks_are_the_sessions_but_for_rounding(
    planned: int, says: list[str]
) -> None:
    protocol = dosed(sessions=planned, sessions_per_week=2.5, weeks=5)
    found = said_by(dose_is_vague, evidence_on(protocol, *log()))
    assert found == [(WARNING, text) for text in says]


@pytest.mark.parametrize("missing", ["sessions", "sessions_per_week", "weeks"])
def test_nothing_is_multiplied_by_what_is_not_stated(missing: str) -> None:
    numbers = {"sessions": 60, "sessions_per_week": 2.5, "weeks": 5} | {missing: None}
    assert said_by(dose_is_vague, evidence_on(dosed(**numbers), *log())) == []


@pytest.mark.parametrize(
    "words",
    ["up to 6", "At most three", "at least 10", "no more than two", "about 30", "approximately 5",
     "around twelve", "as tolerated", "as needed", "As required"],
)  # fmt: skip
def test_words_of_a_vague_dose(words: str) -> None:
    found = VAGUE_DOSE.search(f"It was given {words}, twice")
    assert found is not None
    assert found.group() == words


@pytest.mark.parametrize("words", ["6 weeks", "up to the wall", "as planned", "about an hour"])
def test_words_of_no_vague_dose(words: str) -> None:
    assert VAGUE_DOSE.search(words) is None


# R19


def stratified(*analyses: tuple[str, AnalysisRole, tuple[str, ...]]) -> Protocol:
    """A trial stratified by sex and age group, with these analyses and their covariates."""
    return replace(
        TRIAL,
        randomisation=replace(TRIAL.randomisation, strata=("demographics.sex", "age_group")),
        plan=replace(
            TRIAL.plan,
            analyses=tuple(
                Analysis(
                    id=name, role=role, outcomes=("pain", "better"), population="itt",
                    estimand="E1", specification=Ancova(covariates=covariates), reason="Asked",
                )
                for name, role, covariates in analyses
            ),
        ),
    )  # fmt: skip


def test_a_stratum_that_main_analyses_leave_out_is_named_with_them() -> None:
    protocol = stratified(
        ("one", AnalysisRole.PRIMARY, ("baseline", "sex")),
        ("two", AnalysisRole.SECONDARY, ("baseline",)),
        ("three", AnalysisRole.SECONDARY, ("demographics.sex", "screening.age_group")),
        ("four", AnalysisRole.SENSITIVITY, ()),
    )
    late = "out: standard errors are then too large, and tests too cautious."
    assert said_by(strata_left_out, evidence_on(protocol)) == [
        (
            WARNING,
            (
                "Randomisation was stratified by age_group, which the analyses one and two leave "
                f"{late}"
            ),
        ),
        (
            WARNING,
            (
                "Randomisation was stratified by demographics.sex, which the analysis two leaves "
                f"{late}"
            ),
        ),
    ]


def test_a_trial_without_strata_leaves_none_out() -> None:
    assert said_by(strata_left_out, evidence_on(TRIAL)) == []
