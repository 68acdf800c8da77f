"""Trials of many kinds, each written as a folder of files: one generator, and a kind is what differs.

The data are drawn from a fixed seed, so that a kind is the same trial wherever it is written.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

Row = dict[str, Any]
Tables = dict[str, list[Row]]
FIRST = date(2024, 1, 8)
WEEKS = 28
ARM_LABELS = {
    "CARE": "Usual care", "TRAIN": "Training", "WALK": "Walking", "SWIM": "Swimming", "YOGA": "Yoga",
    "TALK": "Education", "BOTH": "Training and education",
}  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "screening": ("site", "screening_date", "eligible", "not_enrolled_reason"),
    "randomisation": ("randomisation_date", "arm", "group_class"),
    "demographics": ("age", "sex"),
    "assessment": ("visit_date", "pain_mm", "better"),
    "perceived_effect": ("answered_on", "effect"),
    "adverse_events": (
        "term", "event_class", "start_date", "severity", "serious", "related", "led_to_withdrawal",
    ),
    "end_of_study": (
        "arm_received", "not_received_reason", "discontinued", "discontinuation_reason",
        "completed", "end_date", "end_reason",
    ),
}  # fmt: skip
PURPOSES = {
    "site": "site", "screening_date": "screening_date", "eligible": "eligible",
    "not_enrolled_reason": "not_enrolled_reason", "randomisation_date": "randomisation_date",
    "arm": "arm", "visit_date": "visit_date", "answered_on": "visit_date", "term": "event_term", "event_class": "event_class", "start_date": "event_start",
    "severity": "event_severity", "serious": "event_serious", "related": "event_related",
    "led_to_withdrawal": "event_led_to_withdrawal", "arm_received": "arm_received",
    "not_received_reason": "not_received_reason", "discontinued": "discontinued",
    "discontinuation_reason": "discontinuation_reason", "completed": "completed",
    "end_date": "end_date", "end_reason": "end_reason", "group_class": "cluster",
}  # fmt: skip
DAYS = {
    "screening_date",
    "randomisation_date",
    "visit_date",
    "answered_on",
    "start_date",
    "end_date",
}
ANSWERS = {
    "eligible", "better", "serious", "related", "led_to_withdrawal", "discontinued", "completed",
}  # fmt: skip
HEADS = {
    "screening": 'kind = "screening"\nexpected = "everyone"',
    "randomisation": 'kind = "randomisation"\nexpected = "randomised"',
    "demographics": 'kind = "demographics"\nexpected = "randomised"',
    "assessment": 'kind = "assessment"\nexpected = "randomised"',
    "perceived_effect": 'kind = "assessment"\nexpected = "randomised"',
    "adverse_events": 'kind = "adverse_events"\nexpected = "as_needed"\nrepeating = true',
    "end_of_study": 'kind = "end_of_study"\nexpected = "randomised"',
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A trial; by default two arms of equal size, two visits, and a continuous primary outcome."""

    arms: tuple[str, ...] = ("CARE", "TRAIN")
    per_arm: tuple[int, ...] = (18,)
    """How many are in each arm; one number for all."""
    ratio: tuple[int, ...] | None = (1,)
    """None where the protocol writes none."""
    visits: int = 2
    framework: str = "superiority"
    primary: str = 'method = "ancova"\ncovariates = ["baseline"]\nresponse = "final"'
    measured_at: tuple[str, ...] = ()
    """The visits of the outcomes; all where none is named."""
    binary: bool = False
    """Whether the primary outcome is being better, and not pain."""
    ordinal: bool = False
    """Whether the primary outcome is the global perceived effect, in five levels."""
    lower: bool = False
    """Whether of those levels the lowest is the best."""
    more: str = ""
    """Further analyses of the plan."""
    sites: int = 1
    terms: int = 3
    """How many different adverse events occur."""
    classes: bool = False
    """Whether the class of each event is asked."""
    clusters: bool = False
    """Whether the class that each participant went to is asked."""
    rare: str = ""
    """Below how many percent a term of an event is rare; none where it is blank."""
    wordy: str = ""
    """What follows on the label of every arm, outcome and adverse event."""
    text: str = "Asked of everybody by the same nurses"
    """What every free text of the protocol says."""
    without: frozenset[str] = frozenset()
    """Items and forms that the trial does not have."""
    cut: str = "2025-06-30"
    change: Callable[[Tables], object] = field(default=lambda _: None)
    """What else is unlike in the data."""

    @property
    def sizes(self) -> tuple[int, ...]:
        return (
            self.per_arm if len(self.per_arm) == len(self.arms) else self.per_arm * len(self.arms)
        )

    @property
    def measured(self) -> tuple[str, ...]:
        return self.measured_at or self.codes

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(f"V{number}" for number in range(self.visits))


@dataclass(frozen=True, kw_only=True)
class Allocated:
    """A participant on the day of the randomisation."""

    subject: str
    arm: str
    day: date


def write_trial(folder: Path, kind: Kind) -> Path:
    """The folder of a trial of this kind, with its protocol, forms and data."""
    for part in ("forms", "data"):
        (folder / part).mkdir(parents=True)
    _write(folder / "protocol.toml", protocol_of(kind))
    tables = tables_of(kind)
    kind.change(tables)
    no_form = kind.without | (frozenset() if kind.ordinal else {"perceived_effect"})
    for form, columns in COLUMNS.items():
        if form not in no_form:
            without = kind.without | (frozenset() if kind.classes else {"event_class"})
            without |= frozenset() if kind.clusters else {"group_class"}
            asked = tuple(each for each in columns if each not in without)
            _write(folder / "forms" / f"{form}.toml", _form(form, asked, kind))
            _write_table(folder / "data" / f"{form}.csv", _keys(form), asked, tables[form])
    return folder


def tables_of(kind: Kind) -> Tables:
    """The rows of every form, by the names of their columns."""
    rng = np.random.default_rng(20)
    tables: Tables = {form: [] for form in COLUMNS}
    people = [arm for arm, size in zip(kind.arms, kind.sizes, strict=True) for _ in range(size)]
    for number, arm in enumerate(rng.permutation(np.array(people, dtype=object))):
        day = FIRST + timedelta(days=int(number))
        who = Allocated(subject=f"P{number:03d}", arm=str(arm), day=day)
        _participant(who, kind, tables, rng)
    for number in range(2):
        tables["screening"].append(
            {
                "subject_id": f"N{number:03d}",
                "site": "S1",
                "screening_date": FIRST,
                "eligible": "no",
                "not_enrolled_reason": "Too ill",
            }
        )
    return tables


def _participant(who: Allocated, kind: Kind, tables: Tables, rng: np.random.Generator) -> None:
    """Every form of one participant, who stays to the end."""
    arm, day = who.arm, who.day
    own = {"subject_id": who.subject}
    site = f"S{1 + int(rng.integers(kind.sites))}"
    tables["screening"].append({**own, "site": site, "screening_date": day, "eligible": "yes"})
    tables["randomisation"].append({**own, "randomisation_date": day, "arm": arm})
    age, sex = int(rng.integers(20, 70)), "f" if rng.random() < 0.6 else "m"
    tables["demographics"].append({**own, "age": age, "sex": sex})
    effect = 9.0 * kind.arms.index(arm) / max(1, len(kind.arms) - 1)
    level = float(rng.normal(60, 10))
    for visit in kind.measured:
        step = kind.codes.index(visit)
        pain = level - (6 + effect) * (step > 0) - step + float(rng.normal(0, 6))
        tables["assessment"].append(
            {
                **own,
                "visit": visit,
                "visit_date": day + timedelta(days=WEEKS * step),
                "pain_mm": round(min(100.0, max(0.0, pain)), 1),
                "better": "yes" if step and rng.random() < 0.3 + effect / 30 else "no",
            }
        )
        if step:
            tables["perceived_effect"].append(_perceived(who, kind, visit, step))
    for repeat in range(int(rng.integers(0, 3)) if kind.terms else 0):
        tables["adverse_events"].append(
            {
                **own,
                "repeat": repeat + 1,
                "term": f"Complaint {1 + int(rng.integers(kind.terms))}{kind.wordy}",
                "start_date": day + timedelta(days=int(rng.integers(1, WEEKS))),
                "severity": str(1 + int(rng.integers(2))),
                "serious": "yes" if rng.random() < 0.05 else "no",
                "related": "yes" if rng.random() < 0.3 else "no",
                "led_to_withdrawal": "no",
            }
        )
    for event in tables["adverse_events"]:
        last = str(event["term"]).split(" ")[1]
        event["event_class"] = ("Nervous system", "Injuries", "Skin")[int(last) % 3]
    tables["end_of_study"].append(
        {
            **own,
            "arm_received": arm,
            "discontinued": "no",
            "completed": "yes",
            "end_date": day + timedelta(days=WEEKS * (kind.visits - 1)),
        }
    )


EFFECTS = {
    "MW": "Much worse", "W": "Worse", "U": "Unchanged", "I": "Improved", "MI": "Much improved",
}  # fmt: skip


def _perceived(who: Allocated, kind: Kind, visit: str, step: int) -> Row:
    """The global perceived effect of one participant, under proportional odds of the arms."""
    rng = np.random.default_rng([21, int(who.subject[1:]), step])
    place = kind.arms.index(who.arm)
    latent = 1.1 * place / max(1, len(kind.arms) - 1) + float(rng.logistic())
    level = int(np.searchsorted([-2.6, -1.2, 0.3, 1.9], latent))
    codes = list(EFFECTS)[:: -1 if kind.lower else 1]
    return {
        "subject_id": who.subject,
        "visit": visit,
        "answered_on": who.day + timedelta(days=WEEKS * step),
        "effect": codes[4 - level if kind.lower else level],
    }


def protocol_of(kind: Kind) -> str:
    """The protocol of a trial of this kind, as TOML."""
    last = kind.codes[-1]
    roles = ("secondary", "primary") if kind.binary else ("primary", "secondary")
    roles = ("secondary", "secondary") if kind.ordinal else roles
    said = kind.text
    ratios = kind.ratio or ()
    arms = "".join(
        f'[[arms]]\ncode = "{code}"\nlabel = "{ARM_LABELS[code]}{kind.wordy}"\n'
        + ("reference = true\n" if code == kind.arms[0] else "")
        + (f"ratio = {ratios[place % len(ratios)]}\n" if ratios else "")
        + f'[arms.intervention]\nname = "{ARM_LABELS[code]}"\nprocedures = "{said}"\n\n'
        for place, code in enumerate(kind.arms)
    )
    sites = "".join(
        f'[[sites]]\ncode = "S{number}"\nlabel = "Clinic {number}"\n\n'
        for number in range(1, kind.sites + 1)
    )
    visits = "".join(
        f'[[visits]]\ncode = "{code}"\nlabel = "{"Baseline" if not step else f"Week {4 * step}"}"\n'
        f"target_day = {WEEKS * step}\nwindow = {{ early = 3, late = 7 }}\n"
        + ("baseline = true\n\n" if not step else "\n")
        for step, code in enumerate(kind.codes)
    )
    primary, secondary = ("better", "pain") if kind.binary else ("pain", "better")
    primary = "effect" if kind.ordinal else primary
    perceived = (
        f"""[[outcomes]]
code = "effect"
label = "Global perceived effect{kind.wordy}"
type = "ordinal"
role = "primary"
form = "perceived_effect"
item = "effect"
time_point = "{last}"
metric = "level at the time point"
aggregation = "participants at each level"
direction = "{"lower" if kind.lower else "higher"}"
"""
        if kind.ordinal
        else ""
    )
    by_site = (
        '[[characteristics]]\nform = "screening"\nitem = "site"\nlabel = "Clinic"\n'
        if kind.sites > 1
        else ""
    )
    other = (
        'method = "welch_t"\nresponse = "change"'
        if kind.binary
        else 'method = "risk_difference"\ninterval = "newcombe"'
    )
    return f"""
[trial]
id = "KIND"
title = "A randomised trial of a kind"
short_title = "A kind of trial"
framework = "{kind.framework}"
setting = "{said}"
start = {FIRST}
end = 2025-06-30
ethics = "{said}"

[registration]
registry = "REG"
id = "REG123"
date = 2023-12-01

[documents]
protocol = "{said}"
analysis_plan = "{said}"
data_sharing = "{said}"

[funding]
source = "{said}"
role = "{said}"

[objectives]
benefits = ["{said}"]
harms = ["{said}"]

[eligibility]
inclusion = ["{said}"]
exclusion = ["{said}"]
providers = "{said}"

{sites}{arms}{visits}
[[outcomes]]
code = "pain"
label = "Pain{kind.wordy}"
type = "continuous"
role = "{roles[0]}"
form = "assessment"
item = "pain_mm"
time_point = "{last}"
metric = "final value"
aggregation = "mean"
direction = "lower"
unit = "mm"
digits = 1

[[outcomes]]
code = "better"
label = "Much better{kind.wordy}"
type = "binary"
role = "{roles[1]}"
form = "assessment"
item = "better"
time_point = "{last}"
metric = "final value"
aggregation = "proportion"
direction = "higher"
{perceived}
[[populations]]
code = "itt"
label = "Intention to treat"
definition = "All randomised participants, in the arm they were allocated to."

[[estimands]]
code = "E1"
treatment = "{said}"
population = "itt"
variable = "{said}"
intercurrent_events = [{{ event = "Stopping", strategy = "treatment policy" }}]
summary = "{said}"

[plan]
alpha = 0.05
confidence_level = 0.95

[[analyses]]
id = "primary"
role = "primary"
outcomes = ["{primary}"]
population = "itt"
estimand = "E1"
{kind.primary}

[[analyses]]
id = "secondary"
role = "secondary"
outcomes = ["{secondary}"]
population = "itt"
estimand = "E1"
{other}

{kind.more}
{by_site}
[[characteristics]]
form = "demographics"
item = "age"
label = "Age, years"

[[characteristics]]
form = "demographics"
item = "sex"
label = "Sex"

[sample_size]
planned = {sum(kind.sizes)}
justification = "{said}"

[interim]
planned = false

[randomisation]
type = "permuted blocks"
block_sizes = [{2 * sum(ratios[place % len(ratios)] for place in range(len(kind.arms))) if ratios else 4}]
sequence = "{said}"
concealment = "{said}"
implementation = "{said}"

[blinding]
participants = "no"
providers = "no"
assessors = "yes"
analysts = "no"
how = "{said}"

[harms]
definition = "{said}"
assessment = "{said}"
{f"rare_below_percent = {kind.rare}" if kind.rare else ""}

[data]
cut = {kind.cut}
"""


def _form(name: str, items: tuple[str, ...], kind: Kind) -> str:
    visits = f"visits = [{', '.join(map(repr, kind.measured))}]\n".replace("'", '"')
    head = (
        f'[form]\nid = "{name}"\ntitle = "{name.replace("_", " ").capitalize()}"\n{HEADS[name]}\n'
    )
    later = f"visits = [{', '.join(map(repr, kind.codes[1:]))}]\n".replace("'", '"')
    at = {"assessment": visits, "perceived_effect": later}.get(name, "")
    return head + at + "".join(_item(each, kind) for each in items)


def _item(name: str, kind: Kind) -> str:
    kinds = {"pain_mm": 'type = "decimal"\nunit = "mm"', "age": 'type = "integer"\nunit = "years"'}
    kinds["severity"] = (
        'type = "choice"\nchoices = [{ code = "1", label = "Mild" }, { code = "2", label = "Severe" }]'
    )
    kinds["sex"] = (
        'type = "choice"\nchoices = [{ code = "f", label = "Female" }, { code = "m", label = "Male" }]'
    )
    effects = [f'{{ code = "{code}", label = "{label}" }}' for code, label in EFFECTS.items()]
    offered = ", ".join(effects[:: -1 if kind.lower else 1])
    kinds["effect"] = f'type = "choice"\nrequired = true\nchoices = [{offered}]'
    plain = "date" if name in DAYS else "yes_no" if name in ANSWERS else "text"
    label = name.replace("_", " ").capitalize()
    purpose = f'purpose = "{PURPOSES[name]}"\n' if name in PURPOSES else ""
    return f'\n[[items]]\nid = "{name}"\nlabel = "{label}"\n{kinds.get(name, f"type = {plain!r}")}\n{purpose}'


def _keys(form: str) -> tuple[str, ...]:
    return {
        "assessment": ("subject_id", "visit"),
        "perceived_effect": ("subject_id", "visit"),
        "adverse_events": ("subject_id", "repeat"),
    }.get(form, ("subject_id",))


def _write_table(
    file: Path, keys: tuple[str, ...], asked: tuple[str, ...], rows: list[Row]
) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, [*keys, *asked], extrasaction="ignore", restval="")
        table.writeheader()
        table.writerows(rows)


def _write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8", newline="\n")


def in_classes(tables: Tables) -> None:
    """Six classes to an arm, each of whose participants have something in common."""
    classes = {}
    for number, row in enumerate(tables["randomisation"]):
        row["group_class"] = f"{row['arm']}-{1 + number % 6}"
        classes[row["subject_id"]] = number % 6
    for row in tables["assessment"]:
        if row["visit"] != "V0":
            row["pain_mm"] = round(
                max(0.0, row["pain_mm"] + 3 * (classes[row["subject_id"]] - 2.5)), 1
            )


def blank_days(tables: Tables) -> None:
    """A third of the days of randomisation are blank, and their last visit is missing."""
    blank = {row["subject_id"] for row in tables["randomisation"][::3]}
    for row in tables["randomisation"]:
        if row["subject_id"] in blank:
            row["randomisation_date"] = ""
    last = tables["assessment"][-1]["visit"]
    tables["assessment"] = [
        row
        for row in tables["assessment"]
        if row["subject_id"] not in blank or row["visit"] != last
    ]
    tables["end_of_study"] = [r for r in tables["end_of_study"] if r["subject_id"] not in blank]


def no_visit_day(tables: Tables) -> None:
    """No visit has a day."""
    for row in tables["assessment"]:
        row["visit_date"] = ""


def no_outcome_in(arm: str) -> Callable[[Tables], None]:
    """Nobody of an arm has a value after the baseline."""

    def change(tables: Tables) -> None:
        own = {row["subject_id"] for row in tables["randomisation"] if row["arm"] == arm}
        for row in tables["assessment"]:
            if row["subject_id"] in own and row["visit"] != "V0":
                row["pain_mm"] = row["better"] = ""

    return change


def all_alike(tables: Tables) -> None:
    """Everybody has the same values."""
    for row in tables["assessment"]:
        row["pain_mm"], row["better"] = 50.0, "no"


def somebody_stopped(tables: Tables) -> None:
    """One participant discontinued the intervention."""
    tables["end_of_study"][0]["discontinued"] = "yes"


def one_sex_alone(tables: Tables) -> None:
    """A level of a subgroup is nobody's, but for one participant."""
    for row in tables["demographics"][1:]:
        row["sex"] = "f"


SUBGROUPS = """
[[analyses]]
id = "by_sex"
role = "exploratory"
outcomes = ["pain"]
population = "itt"
estimand = "E1"
method = "subgroups"
by = "demographics.sex"
"""
PER_PROTOCOL = """
[[populations]]
code = "pp"
label = "Per protocol"
definition = "Who received the arm allocated and completed."
received_allocated = true
completed = true

[[analyses]]
id = "per_protocol"
role = "sensitivity"
outcomes = ["pain"]
population = "pp"
estimand = "E1"
method = "non_inferiority"
margin = 8
response = "final"
"""
RISK_MODELS = "".join(
    f"""
[[analyses]]
id = "{method}"
role = "{role}"
outcomes = ["better"]
population = "itt"
estimand = "E1"
method = "{method}"
covariates = ["demographics.age", "demographics.sex"]
"""
    for method, role in (
        ("logistic", "secondary"),
        ("modified_poisson", "secondary"),
        ("log_binomial", "sensitivity"),
    )
)
RISKS_OVER_VISITS = """
[[analyses]]
id = "gee"
role = "secondary"
outcomes = ["better"]
population = "itt"
estimand = "E1"
method = "gee"
covariates = ["demographics.sex"]

[[analyses]]
id = "glmm"
role = "sensitivity"
outcomes = ["better"]
population = "itt"
estimand = "E1"
method = "glmm"
"""
MMRM = 'method = "mmrm"\ncovariance = "unstructured"\ncovariates = ["baseline"]'
RISK = 'method = "risk_difference"\ninterval = "newcombe"'
CLUSTERS = """
[clusters]
label = "group class"
plural = "group classes"
randomised = true
assessed = 15
excluded = [{ reason = "No room to train in", count = 2 }]

[[analyses]]
id = "adjusted"
role = "sensitivity"
outcomes = ["pain"]
population = "itt"
estimand = "E1"
method = "cluster_regression"
"""
EVENTS_IN_CLUSTERS = CLUSTERS.partition("[[analyses]]")[0] + "".join(
    f"""
[[analyses]]
id = "{name}"
role = "{role}"
outcomes = ["better"]
population = "itt"
estimand = "E1"
{options}
"""
    for name, role, options in (
        ("risks", "secondary", 'method = "cluster_summaries"'),
        ("ratios", "sensitivity", 'method = "cluster_summaries"\nscale = "ratio"'),
        ("glmm", "secondary", 'method = "cluster_glmm"\ncovariates = ["demographics.sex"]'),
        ("linear", "sensitivity", 'method = "cluster_regression"\ncovariates = []'),
    )
)
ODDS = 'method = "proportional_odds"\ncovariates = ["demographics.age"]\nlimits = "profile"'
BESIDE_ODDS = """
[[analyses]]
id = "pain"
role = "secondary"
outcomes = ["pain"]
population = "itt"
estimand = "E1"
method = "ancova"
covariates = ["baseline"]
response = "final"

[[analyses]]
id = "pairs"
role = "secondary"
outcomes = ["effect"]
population = "itt"
estimand = "E1"
method = "win_odds"

[[analyses]]
id = "strata"
role = "sensitivity"
outcomes = ["effect"]
population = "itt"
estimand = "E1"
method = "van_elteren"
strata = ["demographics.sex"]

[[analyses]]
id = "ratio"
role = "exploratory"
outcomes = ["effect"]
population = "itt"
estimand = "E1"
method = "win_ratio"
then = [{ outcome = "pain", more_than = 5 }]
"""
IN_ONE_ARM = """
[clusters]
label = "group class"
plural = "group classes"
randomised = false
arms = ["TRAIN"]
"""


def in_classes_of_one_arm(tables: Tables) -> None:
    """Classes of those who train; the others are treated one by one, and in none."""
    in_classes(tables)
    for row in tables["randomisation"]:
        row["group_class"] = row["group_class"] if row["arm"] == "TRAIN" else ""


KINDS: dict[str, Kind] = {
    "two arms": Kind(),
    "classes in one arm": Kind(
        per_arm=(36,), clusters=True, change=in_classes_of_one_arm, more=IN_ONE_ARM,
        primary='method = "partially_nested"\nresidual_by_arm = true',
    ),
    "classes": Kind(
        per_arm=(36,), clusters=True, change=in_classes, more=CLUSTERS,
        primary='method = "cluster_summaries"',
    ),
    "events in classes": Kind(
        per_arm=(48,), binary=True, clusters=True, change=in_classes, more=EVENTS_IN_CLUSTERS,
        primary='method = "cluster_gee"\ncovariates = ["demographics.age"]',
    ),
    "ordinal primary": Kind(ordinal=True, visits=3, per_arm=(40,), primary=ODDS, more=BESIDE_ODDS),
    "ordinal primary of three arms, lower is better": Kind(
        ordinal=True, lower=True, arms=tuple(ARM_LABELS)[:3], primary='method = "proportional_odds"',
        more=BESIDE_ODDS,
    ),
    "binary primary": Kind(binary=True, primary=RISK),
    "models of risks": Kind(
        binary=True,
        visits=3,
        per_arm=(40,),
        primary='method = "standardised_risks"\ncovariates = ["demographics.age", "demographics.sex"]',
        more=RISK_MODELS + RISKS_OVER_VISITS,
    ),
    "five arms": Kind(arms=tuple(ARM_LABELS), per_arm=(12,)),
    "equivalence": Kind(
        framework="equivalence", primary='method = "equivalence"\nmargin = 15\nresponse = "final"'
    ),
    "non-inferiority": Kind(
        framework="non-inferiority",
        primary='method = "non_inferiority"\nmargin = 8\nresponse = "final"',
    ),
    "non-inferiority in two populations": Kind(
        framework="non-inferiority",
        primary='method = "non_inferiority"\nmargin = 8\nresponse = "final"',
        more=PER_PROTOCOL,
    ),
    "eight sites, stratified": Kind(
        sites=8,
        per_arm=(40,),
        primary='method = "ancova"\ncovariates = ["baseline", "screening.site"]\nresponse = "final"',
    ),
    "no adverse event": Kind(terms=0),
    "an arm without outcomes": Kind(
        arms=("CARE", "TRAIN", "WALK"), change=no_outcome_in("WALK"),
    ),
    "the reference without outcomes": Kind(change=no_outcome_in("CARE")),
    "400 participants, 20 events": Kind(per_arm=(200,), terms=20),
    "classes of events, rare ones together": Kind(
        per_arm=(120,), terms=30, classes=True, rare="5",
    ),
    "repeated measures": Kind(visits=4, primary=MMRM),
    "contradictory framework": Kind(framework="non-inferiority"),
    "all texts TBD": Kind(text="TBD"),
    "relatedness never asked": Kind(without=frozenset({"related"})),
    "nothing asked of events": Kind(
        without=frozenset({"related", "serious", "severity", "led_to_withdrawal", "start_date"})
    ),
    "no form for harms": Kind(without=frozenset({"adverse_events"})),
    "care never asked": Kind(without=frozenset({"arm_received", "not_received_reason"})),
    "no end of study": Kind(without=frozenset({"end_of_study"})),
    "reasons never asked": Kind(
        without=frozenset({"discontinuation_reason", "not_enrolled_reason"}),
        change=somebody_stopped,
    ),
    "blank days": Kind(change=blank_days),
    "visits without days": Kind(change=no_visit_day),
    "unequal allocation": Kind(per_arm=(12, 24), ratio=(1, 2)),
    "no ratio": Kind(ratio=None),
    "all values equal": Kind(change=all_alike),
    "one participant an arm": Kind(per_arm=(1,)),
    "one participant in an arm": Kind(per_arm=(1, 12)),
    "an empty subgroup": Kind(more=SUBGROUPS, change=one_sex_alone),
    "a single visit": Kind(
        measured_at=("V1",), primary='method = "welch_t"\nresponse = "final"'
    ),
    "one arm": Kind(arms=("TRAIN",), primary='method = "paired_t"'),
    "repeated measures of three": Kind(visits=4, per_arm=(3,), primary=MMRM),
    "five arms with long labels": Kind(
        arms=tuple(ARM_LABELS), per_arm=(12,), visits=4, primary=MMRM, more=SUBGROUPS,
        wordy=" with a home programme, a diary and calls by a physiotherapist every week",
    ),
}  # fmt: skip
