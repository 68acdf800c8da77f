"""Three people, and forms of every kind that they leave rows on."""

from dataclasses import replace
from datetime import date

import numpy as np

from tests.miniature import protocol as miniature
from trialkit.design.simulation.assumptions import (
    SCENARIOS,
    ArmChange,
    Assumptions,
    OutcomeAssumption,
    SimulatedConduct,
)
from trialkit.design.simulation.entries import first_entries
from trialkit.design.simulation.entry_rows import EntryRow
from trialkit.design.simulation.people import Person
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.interventions import Arm, Intervention
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import Site
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType

ANNA = Person(
    subject_id="anna",
    screened=date(2025, 3, 1),
    known={("screening", "centre"): "S", ("screening", "smokes"): "yes"},
    arm="A",
    randomised=date(2025, 3, 3),
    stratum="S, yes",
    block=2,
    number=7,
    visits={"BL": date(2025, 3, 2), "W6": date(2025, 4, 14)},
    end=date(2025, 4, 14),
)
BEN = Person(
    subject_id="ben",
    screened=date(2025, 3, 4),
    known={},
    arm="P",
    randomised=date(2025, 3, 6),
    stratum="all",
    block=1,
    number=8,
    visits={"BL": date(2025, 3, 5)},
    left=True,
    end=date(2025, 3, 6),
)
CORA = Person(subject_id="cora", screened=date(2025, 3, 7), known={}, visits={})
PEOPLE = (ANNA, BEN, CORA)


def planned(*outcomes: Outcome) -> Protocol:
    """Three sessions for arm A, twice a week, of 30 minutes; none for P."""
    sessions = Intervention(
        name="Exercise", sessions=3, sessions_per_week=2, minutes_per_session=30
    )
    return replace(
        miniature(),
        arms=(
            Arm(code="P", label="P", reference=True),
            Arm(code="A", label="A", intervention=sessions),
        ),
        sites=(Site(code="N", label="North"),),
        outcomes=outcomes,
    )


def form(kind: FormKind, expected: Expected, *items: Item, name: str = "", **more: object) -> Form:
    given = {"visits": (), "repeating": False, "rules": (), "file": "", "sha256": ""} | more
    title = name or kind.value
    return Form(id=title, title=title, kind=kind, expected=expected, items=items, **given)


def item(name: str, kind: ItemType, purpose: Purpose | None = None, **more: object) -> Item:
    return Item(id=name, label=name, type=kind, purpose=purpose, **more)


def day(name: str, purpose: Purpose) -> Item:
    return item(name, ItemType.DATE, purpose, required=True)


YES_NO, TEXT, NUMBER = ItemType.YES_NO, ItemType.TEXT, ItemType.INTEGER
CHOICES = (ItemChoice(code="better", label="Better"), ItemChoice(code="same", label="Same"))
FORMS = (
    form(
        FormKind.SCREENING,
        Expected.EVERYONE,
        day("seen", Purpose.SCREENING_DATE),
        day("consented", Purpose.CONSENT_DATE),
        item("eligible", YES_NO, Purpose.ELIGIBLE, required=True),
        item("why_not", TEXT, Purpose.NOT_ENROLLED_REASON),
        item("centre", TEXT, Purpose.SITE),
        item("smokes", YES_NO, required=True),
    ),
    form(
        FormKind.RANDOMISATION,
        Expected.RANDOMISED,
        day("drawn", Purpose.RANDOMISATION_DATE),
        item("arm", TEXT, Purpose.ARM),
        item("received", TEXT, Purpose.ARM_RECEIVED),
        item("why_other", TEXT, Purpose.NOT_RECEIVED_REASON, required=True),
        item("block", NUMBER, Purpose.BLOCK),
        item("stratum", TEXT, Purpose.STRATUM),
    ),
    form(
        FormKind.ASSESSMENT,
        Expected.RANDOMISED,
        day("came", Purpose.VISIT_DATE),
        item("pain", ItemType.DECIMAL),
        item("cured", YES_NO),
        item("must", NUMBER, required=True, range=Range(low=4, high=6)),
        item("may", NUMBER),
        item("shown", NUMBER, required=True, shown_when="must = 4"),
        visits=("BL", "W6"),
    ),
    form(
        FormKind.SESSIONS,
        Expected.AS_NEEDED,
        day("held", Purpose.SESSION_DATE),
        item("attended", YES_NO, Purpose.ATTENDED),
        item("minutes", NUMBER, Purpose.SESSION_MINUTES),
        repeating=True,
    ),
    form(
        FormKind.ADVERSE_EVENTS,
        Expected.AS_NEEDED,
        day("began", Purpose.EVENT_START),
        repeating=True,
    ),
    form(FormKind.CONCOMITANT_CARE, Expected.AS_NEEDED, item("what", TEXT)),
    form(FormKind.DEMOGRAPHICS, Expected.RANDOMISED, item("age", NUMBER), repeating=True),
    form(FormKind.OTHER, Expected.AS_NEEDED, item("note", TEXT, required=True)),
    form(
        FormKind.END_OF_STUDY,
        Expected.RANDOMISED,
        day("ended", Purpose.END_DATE),
        item("completed", YES_NO, Purpose.COMPLETED),
        item("stopped", YES_NO, Purpose.DISCONTINUED),
        item("why", TEXT, Purpose.END_REASON, required=True),
        item("why_stopped", TEXT, Purpose.DISCONTINUATION_REASON, required=True),
    ),
)
SCHEMAS = Schemas(forms=FORMS, data=DataFormat())
QUIET = {"dropout": 0.0, "missing": 0.0, "adverse_events": 0.0, "other_treatments": 0.0}


def outcome(code: str, name: str, kind: OutcomeType, *, at: str = "assessment") -> Outcome:
    return Outcome(
        code=code,
        label=code,
        type=kind,
        role=OutcomeRole.PRIMARY,
        form=at,
        item=name,
        time_point="W6",
        metric="change",
        aggregation="mean",
        direction=Direction.LOWER,
        digits=1,
    )


PAIN = outcome("p", "pain", OutcomeType.CONTINUOUS)
CURED = outcome("c", "cured", OutcomeType.BINARY)
SURE = (
    OutcomeAssumption(
        code="p",
        baseline=50,
        sd=1e-6,
        changes=(ArmChange(arm="A", change=-10), ArmChange(arm="P", change=2.25)),
    ),
    OutcomeAssumption(code="c", baseline=0, changes=(ArmChange(arm="A", change=1),)),
)


def assuming(*outcomes: OutcomeAssumption, **conduct: float) -> Assumptions:
    return Assumptions(
        conduct=SimulatedConduct(**QUIET | conduct), outcomes=outcomes, scenarios=SCENARIOS
    )


def entered(
    *people: Person, seed: int = 1, protocol: Protocol | None = None, **conduct: float
) -> list[EntryRow]:
    return first_entries(
        people or PEOPLE,
        protocol or planned(PAIN, CURED),
        SCHEMAS,
        assuming(*SURE, **conduct),
        np.random.default_rng(seed),
    )


def of(rows: list[EntryRow], kind: str) -> list[EntryRow]:
    return [row for row in rows if row.form.id == kind]
