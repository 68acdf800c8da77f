"""Trials made up in Python, of any number of arms and visits, and reports made of them."""

from dataclasses import fields, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from tests.conftest import EXAMPLE
from tests.line import Line
from tests.report.author_words import in_paragraphs
from trialkit.datasets.model import CharacteristicKind, Datasets, Population
from trialkit.design.sample_size.checking import size_check
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.estimands import Estimand, IntercurrentEvent, Strategy
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import Analysis, AnalysisRole, Family, Plan
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.trial.conduct import (
    Access,
    Blinded,
    Blinding,
    Harms,
    Interim,
    Randomisation,
    RandomisationType,
    SampleSize,
)
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.interventions import Arm, Intervention
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import (
    Characteristic,
    Eligibility,
    Grouping,
    PopulationRule,
    Site,
)
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import (
    Documents,
    Framework,
    Funding,
    Objectives,
    Registration,
    Trial,
)
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.report.citing.library import read_library
from trialkit.report.composing import compose
from trialkit.report.content.content import Content, Figure, Section
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.manifest import HashedFile, Manifest, Version
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.inputs import ReportInputs
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.report.writers.render import render_html
from trialkit.report.writers.template_folder import find_templates
from trialkit.results.flow import ArmFlow, Disposition, Reason
from trialkit.results.harms import EventFact

FINDINGS = pd.DataFrame(
    {
        "form": ["pain", "pain", "trunk"],
        "label": ["Pain", "Pain", "Back strength"],
        "rule_id": ["PAIN01", "PAIN01", "expected_range"],
        "severity": ["soft", "soft", "note"],
    }
)
NO_FINDINGS = FINDINGS.iloc[:0]
MANIFEST = Manifest(
    trial="MADE-UP",
    protocol=HashedFile(file="protocol.toml", sha256="a" * 64),
    forms=(HashedFile(file="forms/pain.toml", sha256="b" * 64),),
    data=(HashedFile(file="data/pain.csv", sha256="c" * 64),),
    statements=(),
    templates=(HashedFile(file="report.html.j2", sha256="d" * 64),),
    data_cut=date(2025, 3, 31),
    guideline="CONSORT 2025",
    synthetic="",
    versions=(
        Version(name="trialkit", version="0.1.0"),
        Version(name="Python", version="3.11.7"),
        Version(name="scipy", version="1.17.1"),
    ),
)


LIBRARY = read_library(EXAMPLE)
"""What the example trial cites."""


def inputs_of(line: Line, **changes: Any) -> ReportInputs:
    """The inputs of a report on a trial of the fixtures."""
    inputs = ReportInputs(
        protocol=line.protocol,
        results=line.results,
        findings=FINDINGS,
        statements=(),
        manifest=MANIFEST,
        size=size_check(line.protocol),
        library=LIBRARY,
    )
    return replace(inputs, **changes)


def content_of(line: Line, **changes: Any) -> Content:
    """The content of a report; that of the last few trials as they are is composed, and drawn, once."""
    return composed(line, **changes) if changes else _content_of(line)


def composed(line: Line, **changes: Any) -> Content:
    """The content of a report, made now."""
    return compose(inputs_of(line, **changes))


@lru_cache(maxsize=4)
def _content_of(line: Line) -> Content:
    return composed(line)


def page_of(content: Content) -> str:
    return render_html(content, find_templates())


UNDRAWN = FigureDrawing(lambda: '<svg xmlns="http://www.w3.org/2000/svg"></svg>')


def page_in_words(content: Content) -> str:
    """The page without what is drawn on it, for whoever reads its words."""
    return page_of(replace(content, sections=tuple(map(_undrawn, content.sections))))


def _undrawn(section: Section) -> Section:
    blocks = tuple(
        replace(each, drawing=UNDRAWN) if isinstance(each, Figure) else each
        for each in section.blocks
    )
    return replace(section, blocks=blocks, sections=tuple(map(_undrawn, section.sections)))


def said(item: str, *paragraphs: str, not_applicable: str = "") -> AuthorStatement:
    return AuthorStatement(
        item=item,
        blocks=in_paragraphs(paragraphs or (not_applicable,)),
        file=f"statements/{item}.md",
        not_applicable=not_applicable,
    )


def every_author_statement() -> tuple[AuthorStatement, ...]:
    return tuple(
        said(row.number, f"The author's words on {row.topic}.")
        for row in consort_2025().requirements
        if row.author
    )


@cache
def made_up_protocol(*, arms: int = 2, visits: int = 2, synthetic: str = "") -> Protocol:
    """A complete protocol: a continuous primary outcome and a binary secondary one."""
    last = f"V{visits - 1}"
    return Protocol(
        trial=Trial(
            id="MADE-UP",
            title="A made-up randomised trial",
            short_title="Made-up trial",
            framework=Framework.SUPERIORITY,
            synthetic=synthetic,
            setting="Two clinics",
            changes=("The second site joined later.",),
            start=date(2024, 1, 8),
            end=date(2024, 12, 20),
        ),
        registration=Registration(
            registry="REG", id="REG123", date=date(2023, 12, 1), url="https://example.org/REG123"
        ),
        documents=Documents(protocol="On request", analysis_plan="On request", data_sharing="No"),
        funding=Funding(source="A foundation", role="The funder had no part in the trial"),
        objectives=Objectives(benefits=("Less pain",), harms=("Soreness",)),
        eligibility=Eligibility(inclusion=("Adults",), exclusion=("Surgery",), providers="Any"),
        sites=(Site(code="01", label="Clinic A"), Site(code="02", label="Clinic B")),
        arms=tuple(
            Arm(
                code=f"A{number}",
                label=f"Arm {number}",
                reference=number == 0,
                ratio=1,
                intervention=Intervention(
                    name=f"Care {number}", procedures="As described", sessions=6 if number else None
                ),
            )
            for number in range(arms)
        ),
        visits=tuple(
            Visit(
                code=f"V{number}",
                label="Baseline" if number == 0 else f"Week {4 * number}",
                target_day=28 * number,
                window=Window(early=3, late=3),
                baseline=number == 0,
            )
            for number in range(visits)
        ),
        outcomes=(outcome("pain", role=OutcomeRole.PRIMARY, time_point=last), better(last)),
        populations=(
            PopulationRule(code="itt", label="Intention to treat", definition="All randomised."),
            PopulationRule(
                code="safety",
                label="Safety",
                definition="All who received care.",
                group_by=Grouping.RECEIVED,
                received_any=True,
            ),
        ),
        estimands=(estimand(),),
        plan=plan(),
        characteristics=(
            Characteristic(form="demographics", item="age", label="Age, years"),
            Characteristic(form="demographics", item="sex", label="Sex"),
        ),
        sample_size=SampleSize(planned=30, justification="What the clinics could see in a year"),
        interim=Interim(planned=False),
        randomisation=Randomisation(
            type=RandomisationType.PERMUTED_BLOCKS,
            block_sizes=(2, 4),
            generated_by="A statistician of another unit",
            sequence="By a statistician with a computer",
            concealment="Central, by telephone",
            concealment_steps="The list stayed at the centre",
            implementation="Those who enrolled had no access to the list",
            enrolling_access=Access.NO,
            assigning_access=Access.YES,
        ),
        blinding=Blinding(
            participants=Blinded.NO,
            providers=Blinded.NO,
            assessors=Blinded.YES,
            analysts=Blinded.NO,
            how="Assessors worked in another building",
            similarity="One care is given at home, the other is not",
        ),
        harms=Harms(definition="Any unfavourable sign", assessment="Asked at every visit"),
        data=DataFormat(),
        not_reported=(),
        source_sha256="a" * 64,
    )


def outcome(code: str, *, role: OutcomeRole, time_point: str) -> Outcome:
    return Outcome(
        code=code,
        label="Pain",
        type=OutcomeType.CONTINUOUS,
        role=role,
        form="assessment",
        item="pain_mm",
        time_point=time_point,
        metric="change from baseline",
        aggregation="mean",
        direction=Direction.LOWER,
        unit="mm",
        minimal_important_change=15,
        minimal_important_change_source="a consensus",
    )


def better(time_point: str) -> Outcome:
    return Outcome(
        code="better",
        label="Much better",
        type=OutcomeType.BINARY,
        role=OutcomeRole.SECONDARY,
        form="assessment",
        item="better",
        time_point=time_point,
        metric="final value",
        aggregation="proportion",
        direction=Direction.HIGHER,
    )


LEVELS = {"w": "Worse", "s": "Same", "b": "Better", "m": "Much better"}
"""The levels of the perceived effect, the lowest first."""


def effect(time_point: str) -> Outcome:
    """An ordinal outcome, which the made-up protocol has not by itself."""
    return Outcome(
        code="effect",
        label="Perceived effect",
        type=OutcomeType.ORDINAL,
        role=OutcomeRole.SECONDARY,
        form="assessment",
        item="effect",
        time_point=time_point,
        metric="level at the time point",
        aggregation="participants at each level",
        direction=Direction.HIGHER,
    )


def estimand() -> Estimand:
    return Estimand(
        code="E1",
        treatment="Either care",
        population="itt",
        variable="Change of pain",
        intercurrent_events=(
            IntercurrentEvent(event="Stopping", strategy=Strategy.TREATMENT_POLICY),
        ),
        summary="Difference in means",
    )


def plan() -> Plan:
    return Plan(
        alpha=0.05,
        confidence_level=0.95,
        families=(
            Family(code="secondary", label="Secondary outcomes", adjustment=Adjustment.HOLM),
        ),
        analyses=(
            Analysis(
                id="primary",
                role=AnalysisRole.PRIMARY,
                outcomes=("pain",),
                population="itt",
                estimand="E1",
                specification=MixedAnova(),
            ),
            Analysis(
                id="secondary",
                role=AnalysisRole.SECONDARY,
                outcomes=("better",),
                population="itt",
                estimand="E1",
                family="secondary",
                specification=ProportionComparison(),
            ),
        ),
    )


def made_up_datasets(protocol: Protocol, *, per_arm: int = 8, seed: int = 5) -> Datasets:
    """Data for a made-up protocol: nobody is lost, and nothing unwanted happens."""
    asks = replace(
        made_up_protocol(),
        arms=protocol.arms,
        visits=protocol.visits,
        outcomes=protocol.outcomes,
        populations=protocol.populations,
    )
    return _own_copy(_made_up_datasets(asks, per_arm, seed))


def _own_copy(datasets: Datasets) -> Datasets:
    """The same with frames of its own: pandas copies what somebody writes into, and only that."""
    populations = tuple(
        replace(
            each, members=each.members.copy(deep=False), excluded=each.excluded.copy(deep=False)
        )
        for each in datasets.populations
    )
    every = {each.name: getattr(datasets, each.name) for each in fields(datasets)}
    frames = {
        name: value.copy(deep=False)
        for name, value in every.items()
        if isinstance(value, pd.DataFrame)
    }
    return replace(datasets, populations=populations, **frames)


@cache
def _made_up_datasets(protocol: Protocol, per_arm: int, seed: int) -> Datasets:
    """Made once of everything that the data depend on: plans and words are no part of it."""
    codes = list(protocol.arm_codes)
    subjects = [f"{code}-{n:02d}" for code in codes for n in range(per_arm)]
    allocated = pd.Categorical(
        [code for code in codes for _ in range(per_arm)], categories=codes, ordered=True
    )
    people = pd.DataFrame({"subject_id": subjects, "arm": allocated})
    rng = np.random.default_rng(seed)
    populations = tuple(
        Population(
            code=rule.code,
            label=rule.label,
            definition=rule.definition,
            members=people,
            excluded=people.iloc[:0].assign(reason=pd.Series(dtype="str")),
        )
        for rule in protocol.populations
    )
    measurements = _measurements(protocol, people, rng)
    characteristics = _characteristics(people, rng)
    return Datasets(
        subjects=_subjects(people),
        characteristics=characteristics,
        characteristic_kinds=KINDS,
        measurements=measurements,
        adverse_events=_events(people.iloc[:0]),
        attendance=_attendance(protocol, people),
        concomitant=people.iloc[:0].assign(term=pd.Series(dtype="str")),
        populations=populations,
        disposition=_disposition(protocol, per_arm),
        planned_visits={outcome.code: protocol.visit_codes for outcome in protocol.outcomes},
    )


def made_up_line(
    *, arms: int = 2, visits: int = 2, synthetic: str = "", protocol: Protocol | None = None
) -> Line:
    """A made-up trial at the stages that a report reads."""
    if protocol is None:
        return _made_up_line(arms, visits, synthetic)
    return _line_of(protocol)


@cache
def _made_up_line(arms: int, visits: int, synthetic: str) -> Line:
    return _line_of(made_up_protocol(arms=arms, visits=visits, synthetic=synthetic))


def _line_of(own: Protocol) -> Line:
    datasets = made_up_datasets(own)
    return Line(
        folder=None,  # type: ignore[arg-type]
        protocol=own,
        schemas=None,  # type: ignore[arg-type]
        snapshot=None,  # type: ignore[arg-type]
        datasets=datasets,
        results=carry_out(own, datasets),
    )


def with_event(datasets: Datasets, *, term: str, arm: str = "A1") -> Datasets:
    """The same data with one adverse event."""
    event = datasets.subjects[datasets.subjects["arm"] == arm].iloc[:1][["subject_id", "arm"]]
    events = _events(event, term=term)
    return replace(datasets, adverse_events=events)


def _measurements(
    protocol: Protocol, people: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    frames = []
    for each in protocol.outcomes:
        binary = each.type is OutcomeType.BINARY
        codes = list(protocol.visit_codes)
        for step, code in enumerate(codes):
            pulls = people["arm"].cat.codes.to_numpy() * step
            noise = rng.normal(50, 12, len(people)).round(1) - 3.0 * pulls
            value = (noise > 50).astype(float) if binary else noise
            frames.append(people.assign(outcome=each.code, visit=code, value=value))
    together = pd.concat(frames, ignore_index=True)
    names = [each.code for each in protocol.outcomes]
    together["outcome"] = pd.Categorical(together["outcome"], categories=names, ordered=True)
    together["visit"] = pd.Categorical(
        together["visit"], categories=list(protocol.visit_codes), ordered=True
    )
    first = together[together["visit"] == protocol.baseline.code]
    baseline = first.set_index(["subject_id", "outcome"])["value"].rename("baseline")
    joined = together.join(baseline, on=["subject_id", "outcome"])
    return joined.assign(
        change=joined["value"] - joined["baseline"],
        missing_reason=pd.Series(pd.NA, index=joined.index, dtype="str"),
        not_applicable=False,
    )


KINDS = {
    "demographics.age": CharacteristicKind(is_number=True),
    "demographics.sex": CharacteristicKind(labels={"f": "Female", "m": "Male"}),
}


def _characteristics(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    age = people.assign(
        characteristic="demographics.age",
        value=rng.integers(18, 65, len(people)).astype(float),
        category=None,
    )
    women = rng.random(len(people)) < 0.5
    sex = people.assign(
        characteristic="demographics.sex",
        value=np.nan,
        category=np.where(women, "f", "m"),
    )
    together = pd.concat([age, sex], ignore_index=True)
    order = ["demographics.age", "demographics.sex"]
    return together.assign(
        not_asked=False,
        not_applicable=False,
        characteristic=pd.Categorical(together["characteristic"], categories=order, ordered=True),
    )


def _subjects(people: pd.DataFrame) -> pd.DataFrame:
    days = pd.Timestamp("2024-01-08") + pd.to_timedelta(range(len(people)), unit="D")
    flag = pd.array([True] * len(people), dtype="boolean")
    return people.assign(
        screened=True,
        site="01",
        screening_date=days - pd.Timedelta(days=2),
        consent_date=days - pd.Timedelta(days=2),
        eligible=flag,
        not_enrolled_reason=None,
        randomised=True,
        randomisation_date=days,
        arm_received=people["arm"],
        received_intervention=flag,
        received_intervention_unknown=None,
        discontinued=~flag,
        discontinuation_reason=None,
        completed=flag,
        end_date=days + pd.Timedelta(days=84),
        end_reason=None,
        block="1",
        stratum=None,
        # read by trials that say what their clusters are, and by no other
        cluster=[f"{arm}-{number % 4}" for number, arm in enumerate(people["arm"].astype("str"))],
    )


def _events(people: pd.DataFrame, *, term: str = "") -> pd.DataFrame:
    flag = pd.array([False] * len(people), dtype="boolean")
    return people.assign(
        term=pd.Series([term] * len(people), index=people.index, dtype="str"),
        event_class=None,
        severity=pd.Series(["Mild"] * len(people), index=people.index, dtype="str"),
        serious=flag,
        related=flag,
        led_to_withdrawal=flag,
        start_earliest=pd.NaT,
        start_latest=pd.NaT,
        before_randomisation=flag,
        not_asked=[frozenset[EventFact]()] * len(people),
    )


def _attendance(protocol: Protocol, people: pd.DataFrame) -> pd.DataFrame:
    trained = [arm.code for arm in protocol.arms if arm.intervention and arm.intervention.sessions]
    own = people[people["arm"].isin(trained)]
    return own.assign(
        planned=pd.array([6] * len(own), dtype="Int64"),
        prescribed=pd.array([6] * len(own), dtype="Int64"),
        unknown=0,
        attended=pd.array([5] * len(own), dtype="Int64"),
        minutes=150.0,
    )


def _disposition(protocol: Protocol, per_arm: int) -> Disposition:
    total = per_arm * len(protocol.arms)
    return Disposition(
        assessed=total + 3,
        not_randomised=(Reason(text="Declined", count=3), Reason(text="Other", count=0)),
        randomised=total,
        arms=tuple(arm_flow(protocol.arm(code), per_arm) for code in protocol.arm_codes),
    )


def arm_flow(arm: Arm, allocated: int, *, reasons: tuple[Reason, ...] = ()) -> ArmFlow:
    """An arm in which those with ``reasons`` were lost and everybody else was analysed."""
    lost = sum(reason.count for reason in reasons)
    return ArmFlow(
        arm=arm.code,
        label=arm.label,
        allocated=allocated,
        received=allocated,
        not_received=(),
        lost=reasons,
        discontinued=reasons,
        analysed=allocated - lost,
        excluded=(),
    )
