"""A small trial of three visits whose participants may stop, on a day or by an answer at a visit."""

from dataclasses import replace
from pathlib import Path

from tests.miniature import Miniature, dedented
from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.estimands import Estimand
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import PopulationRule
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

STOPPED_FORM = """
    [form]
    id = "stopped"
    title = "Stopping"
    kind = "other"
    expected = "as_needed"

    [[items]]
    id = "day"
    label = "Day of stopping"
    type = "partial_date"

    [[items]]
    id = "why"
    label = "Why"
    type = "choice"
    choices = [{ code = "wish", label = "Own wish" }, { code = "pain", label = "Pain" }, { code = "moved", label = "Moved" }]
"""
LOG_FORM = """
    [form]
    id = "rescue"
    title = "Rescue"
    kind = "other"
    expected = "as_needed"
    repeating = true

    [[items]]
    id = "day"
    label = "Day of rescue"
    type = "date"
    required = true
"""
STOPPED = IntercurrentEventAsked(
    code="stopped",
    label="Stopped the training",
    date="stopped.day",
    where={"why": ("wish", "pain")},
)
RESCUE = IntercurrentEventAsked(code="rescue", label="Rescue treatment", date="rescue.day")
DRUG = IntercurrentEventAsked(code="drug", label="Took a drug", item="pain.drug", codes=("yes",))
UNASKED = IntercurrentEventAsked(code="surgery", label="Surgery")
PAIN = Outcome(
    code="pain", label="Pain", type=OutcomeType.CONTINUOUS, role=OutcomeRole.PRIMARY,
    form="pain", item="vas_mm", time_point="W6", metric="change from baseline",
    aggregation="mean", direction=Direction.LOWER, unit="mm",
)  # fmt: skip


ESTIMAND = Estimand(
    code="E1", treatment="Active against placebo", population="itt", variable="Pain at week 6",
    intercurrent_events=(), summary="Difference in means",
)  # fmt: skip
PRIMARY = Analysis(
    id="primary", role=AnalysisRole.PRIMARY, outcomes=("pain",), population="itt", estimand="E1",
    specification=Ancova(),
)  # fmt: skip


def three_visits(*events: IntercurrentEventAsked) -> Protocol:
    """The small trial with another visit after three weeks, and these events."""
    made = Miniature().protocol
    baseline, end = made.visits
    between = Visit(code="W3", label="Week 3", target_day=21, window=Window(early=3, late=3))
    return replace(
        made,
        visits=(baseline, between, end),
        outcomes=(PAIN,),
        populations=(PopulationRule(code="itt", label="All", definition="All randomised"),),
        intercurrent_events=events,
        estimands=(ESTIMAND,),
        plan=replace(made.plan, analyses=(PRIMARY,)),
    )


def stopped(
    folder: Path, *events: IntercurrentEventAsked, protocol: Protocol | None = None, **rows: str
) -> Datasets:
    """The datasets of three participants, randomised on 2025-01-15, 15 and 16, and these rows."""
    mine = Miniature(protocol=protocol or three_visits(*events))
    mine.forms |= {"stopped": dedented(STOPPED_FORM), "rescue": dedented(LOG_FORM)}
    mine.forms["pain"] = mine.forms["pain"].replace('["BL", "W6"]', '["BL", "W3", "W6"]')
    heads = {"stopped": "subject_id,day,why", "rescue": "subject_id,repeat,day"}
    mine.data |= {name: f"{head}\n{dedented(rows.get(name, ''))}" for name, head in heads.items()}
    if "pain" in rows:
        head = "subject_id,visit,visit_date,vas_mm,side,drug,drug_name"
        mine.data["pain"] = f"{head}\n{dedented(rows['pain'])}"
    schemas = mine.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    return build_datasets(snapshot, schemas, mine.protocol)
