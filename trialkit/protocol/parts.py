"""The parts of a protocol: from which step on each is used, and which step cannot do without it.

The only place that knows. Data can be entered and checked long before the analyses are planned: a
command asks for the parts of its step and of those before it, and what is wrong with later ones
stops it as little as what is lacking there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from trialkit.errors import TrialStep
from trialkit.limits import MOST_COMPLAINTS
from trialkit.protocol.methods.estimands import Estimand
from trialkit.protocol.methods.plan import Family
from trialkit.protocol.tables.choices import nearest
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.tables.raw_tables import Table, rows
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.conduct import Blinding, Harms, Interim, Randomisation
from trialkit.protocol.trial.crossover import Treatment, TreatmentPeriod
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.factors import TrialFactor
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.people import Characteristic, Eligibility, PopulationRule, Site
from trialkit.protocol.trial.registered import (
    Accepted,
    Documents,
    Framework,
    Funding,
    NotReported,
    Objectives,
    Registration,
    Trial,
)
from trialkit.protocol.trial.reporting import Reporting
from trialkit.protocol.trial.responsible import Contributor, ProtocolAmendment, Sponsor
from trialkit.protocol.trial.visits import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolPart:
    """One table of a protocol, or an array of them."""

    table: str
    kind: type | None = None
    """What a table becomes; None for those that hold the keys of a method beside their own."""
    is_array: bool = False
    used_from: TrialStep
    """The first step that uses it: what is wrong with it stops this one, and all after it."""
    needed_from: TrialStep | None = None
    """The first step that cannot do without it; None where every step can."""
    keys: Mapping[str, tuple[TrialStep, str]] = field(default_factory=dict)
    """Keys that may be left out until this step needs them, with what is expected then."""
    example: str = ""
    """What to write, as an example."""


PARTS = (
    ProtocolPart(
        table="trial",
        kind=Trial,
        used_from=TrialStep.VALIDATE,
        needed_from=TrialStep.VALIDATE,
        keys={
            "title": (TrialStep.REPORT, "the trial's full title"),
            "short_title": (TrialStep.REPORT, "a short title"),
            "framework": (TrialStep.REPORT, f"one of {', '.join(Framework)}"),
        },
        example="""\
[trial]
id = "ISRCTN00000000"
title = "Exercise for low back pain: a randomised trial"
short_title = "Exercise trial"
framework = "superiority" # or non-inferiority, equivalence, exploratory
""",
    ),
    ProtocolPart(table="data", kind=DataFormat, used_from=TrialStep.VALIDATE),
    ProtocolPart(table="sites", kind=Site, is_array=True, used_from=TrialStep.VALIDATE),
    ProtocolPart(
        table="visits",
        kind=Visit,
        is_array=True,
        used_from=TrialStep.VALIDATE,
        needed_from=TrialStep.ANALYSE,
        keys={
            "target_day": (
                TrialStep.ANALYSE,
                "the day that is planned, counted from randomisation",
            ),
            "window": (TrialStep.ANALYSE, "the days that still count, as { early = 3, late = 7 }"),
        },
        example="""\
[[visits]] # days are counted from randomisation, which is day 0
code = "BL"
label = "Baseline"
target_day = 0
window = { early = 7, late = 0 }
baseline = true # at exactly one visit
""",
    ),
    ProtocolPart(
        table="arms",
        kind=Arm,
        is_array=True,
        used_from=TrialStep.VALIDATE,
        needed_from=TrialStep.RANDOMISE,
        example="""\
[[arms]] # two or more; exactly one is the reference, with which the others are compared
code = "CG"
label = "Control"
reference = true
""",
    ),
    ProtocolPart(table="treatments", kind=Treatment, is_array=True, used_from=TrialStep.VALIDATE),
    ProtocolPart(
        table="periods", kind=TreatmentPeriod, is_array=True, used_from=TrialStep.VALIDATE
    ),
    ProtocolPart(
        table="randomisation",
        kind=Randomisation,
        used_from=TrialStep.RANDOMISE,
        needed_from=TrialStep.RANDOMISE,
        example="""\
[randomisation]
type = "permuted blocks" # or simple, stratified permuted blocks, minimisation, ...
block_sizes = [2, 4]
""",
    ),
    ProtocolPart(
        table="blinding",
        kind=Blinding,
        used_from=TrialStep.RANDOMISE,
        needed_from=TrialStep.RANDOMISE,
        example="""\
[blinding] # each "yes", "no" or "not reported"
participants = "no"
providers = "no"
assessors = "yes"
analysts = "no"
""",
    ),
    ProtocolPart(table="clusters", kind=Clusters, used_from=TrialStep.ANALYSE),
    ProtocolPart(table="factors", kind=TrialFactor, is_array=True, used_from=TrialStep.ANALYSE),
    ProtocolPart(
        table="outcomes",
        kind=Outcome,
        is_array=True,
        used_from=TrialStep.ANALYSE,
        needed_from=TrialStep.ANALYSE,
        example="""\
[[outcomes]]
code = "pain"
label = "Pain"
type = "continuous" # or binary
role = "primary"
form = "assessment"
item = "pain_nrs"
time_point = "W6"
metric = "change from baseline"
aggregation = "mean"
direction = "lower" # the better values
""",
    ),
    ProtocolPart(
        table="populations",
        kind=PopulationRule,
        is_array=True,
        used_from=TrialStep.ANALYSE,
        needed_from=TrialStep.ANALYSE,
        example="""\
[[populations]]
code = "itt"
label = "Intention to treat"
definition = "All randomised participants, in the arm they were allocated to."
""",
    ),
    ProtocolPart(
        table="intercurrent_events",
        kind=IntercurrentEventAsked,
        is_array=True,
        used_from=TrialStep.ANALYSE,
    ),
    ProtocolPart(
        table="estimands",
        kind=Estimand,
        is_array=True,
        used_from=TrialStep.ANALYSE,
        needed_from=TrialStep.ANALYSE,
        example="""\
[[estimands]]
code = "E1"
treatment = "Exercise against control"
population = "itt"
variable = "Change in pain from baseline to week 6"
intercurrent_events = [{ event = "stopping", strategy = "treatment policy" }]
summary = "difference in means"
""",
    ),
    ProtocolPart(
        table="analyses",
        is_array=True,
        used_from=TrialStep.ANALYSE,
        needed_from=TrialStep.ANALYSE,
        example="""\
[[analyses]]
id = "primary"
role = "primary"
outcomes = ["pain"]
population = "itt"
estimand = "E1"
method = "ancova"
covariates = ["baseline"]
""",
    ),
    ProtocolPart(table="families", kind=Family, is_array=True, used_from=TrialStep.ANALYSE),
    ProtocolPart(
        table="characteristics", kind=Characteristic, is_array=True, used_from=TrialStep.ANALYSE
    ),
    ProtocolPart(table="plan", used_from=TrialStep.ANALYSE),
    ProtocolPart(table="sample_size", used_from=TrialStep.REPORT),
    ProtocolPart(table="registration", kind=Registration, used_from=TrialStep.REPORT),
    ProtocolPart(table="documents", kind=Documents, used_from=TrialStep.REPORT),
    ProtocolPart(table="sponsor", kind=Sponsor, used_from=TrialStep.REPORT),
    ProtocolPart(table="contributors", kind=Contributor, is_array=True, used_from=TrialStep.REPORT),
    ProtocolPart(
        table="amendments", kind=ProtocolAmendment, is_array=True, used_from=TrialStep.REPORT
    ),
    ProtocolPart(table="funding", kind=Funding, used_from=TrialStep.REPORT),
    ProtocolPart(table="objectives", kind=Objectives, used_from=TrialStep.REPORT),
    ProtocolPart(table="eligibility", kind=Eligibility, used_from=TrialStep.REPORT),
    ProtocolPart(table="harms", kind=Harms, used_from=TrialStep.REPORT),
    ProtocolPart(table="interim", kind=Interim, used_from=TrialStep.REPORT),
    ProtocolPart(table="not_reported", kind=NotReported, is_array=True, used_from=TrialStep.REPORT),
    ProtocolPart(table="accepted", kind=Accepted, is_array=True, used_from=TrialStep.REPORT),
    ProtocolPart(table="report", kind=Reporting, used_from=TrialStep.REPORT),
)
_BY_TABLE = MappingProxyType({part.table: part for part in PARTS})


def part(table: str) -> ProtocolPart | None:
    """The part that a complaint's table (``visits 'W6'``, ``report.rows``) is of, if it is one."""
    return _BY_TABLE.get(table_of(table))


def table_of(place: str) -> str:
    """The name of the table that a complaint's place (``visits 'W6'``, ``report.rows``) is in."""
    return place.split(" ", 1)[0].split(".", 1)[0]


def first_use(table: str) -> TrialStep:
    """The first step that what is wrong with this table stops; all where nobody knows the table."""
    found = part(table)
    return TrialStep.VALIDATE if found is None else found.used_from


def complain_of_what_is_lacking(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for each part, and each key of a part, that some step cannot do without."""
    for each in PARTS:
        if each.needed_from is not None and _is_lacking(raw, each):
            complaints.add(
                table=each.table,
                key="",
                found="nothing",
                expected=f"at least one [[{each.table}]]" if each.is_array else "this table",
                step=each.needed_from,
            )
        known = [found.name for found in fields(each.kind)] if each.keys and each.kind else []
        for table, row in _tables(raw, each):
            strange = [key for key in row if known and key not in known]
            misspelt = {nearest(key, known) for key in strange[:MOST_COMPLAINTS]}
            for key, (step, expected) in each.keys.items():
                if key not in row and key not in misspelt:
                    complaints.add(
                        table=table, key=key, found="nothing", expected=expected, step=step
                    )


def _is_lacking(raw: Table, part: ProtocolPart) -> bool:
    return not raw.get(part.table) if part.is_array else part.table not in raw


def _tables(raw: Table, part: ProtocolPart) -> list[tuple[str, Table]]:
    table = raw.get(part.table)
    return [(part.table, table)] if isinstance(table, Mapping) else rows(raw, part.table)
