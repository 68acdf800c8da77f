"""What must hold between the tables of a protocol.

These checks read the tables as they were written, not the nouns made from them, so that a table
with a wrong key does not make every reference to it look wrong too.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from trialkit.errors import TrialStep
from trialkit.protocol.analysis_times import complain_of_analysis_times
from trialkit.protocol.crossover_consistency import complain_of_crossover
from trialkit.protocol.factor_consistency import complain_of_factors
from trialkit.protocol.label_consistency import complain_of_labels
from trialkit.protocol.outcome_consistency import complain_of_outcomes
from trialkit.protocol.parts import PARTS
from trialkit.protocol.plan_consistency import complain_of_the_plan
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.tables.raw_tables import (
    Table,
    characteristic,
    codes,
    rows,
    text,
    texts,
    visits_around_baseline,
)
from trialkit.protocol.trial.outcomes import OutcomeRole

RESERVED_ANALYSES = (
    "descriptive", "baseline", "concomitant", "missing", "harms", "adherence", "flow", "populations",
    "deviations", "intercurrent",
)  # fmt: skip
_MAY_BE_BLANK = {
    ("analyses", "family"),
    ("analyses", "time_point"),
    ("characteristics", "visit"),
    ("periods", "baseline"),
    ("intercurrent_events", "from_visit"),
}
_LACKED_AS_A_WHOLE = {each.table for each in PARTS if each.is_array and each.needed_from}
"""Where there is none of them, one complaint says so, and not each place that names one."""
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
_KEYS = {
    "arms": "code",
    "treatments": "code",
    "periods": "code",
    "visits": "code",
    "outcomes": "code",
    "populations": "code",
    "estimands": "code",
    "intercurrent_events": "code",
    "families": "code",
    "sites": "code",
    "factors": "code",
    "analyses": "id",
    "not_reported": "item",
    "accepted": "rule",
}


def complain_of_contradictions(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for everything that one table says against another."""
    _codes_are_names_and_unique(raw, complaints)
    complain_of_labels(raw, complaints)
    _one_reference_arm(raw, complaints)
    _visits_run_in_time(raw, complaints)
    _outcomes_are_measured_after_baseline(raw, complaints)
    _events_affect_visits_after_baseline(raw, complaints)
    complain_of_outcomes(raw, complaints)
    _references_are_known(raw, complaints)
    _characteristics_are_of_baseline(raw, complaints)
    complain_of_the_plan(raw, complaints)
    complain_of_analysis_times(raw, complaints)
    complain_of_factors(raw, complaints)
    complain_of_crossover(raw, complaints)
    _blocks_hold_the_ratio(raw, complaints)
    _study_ends_after_it_starts(raw, complaints)
    _rows_of_the_report_are_known(raw, complaints)


def _codes_are_names_and_unique(raw: Table, complaints: Complaints) -> None:
    for name, key in _KEYS.items():
        for code, count in Counter(codes(raw, name, key)).items():
            if count > 1:
                complaints.add(
                    table=name, key=key, found=f"{shown(code)} {count} times", expected="each once"
                )
            if name not in {"not_reported", "accepted"} and not CODE.fullmatch(code):
                complaints.add(
                    table=name,
                    key=key,
                    found=shown(code),
                    expected="a letter, then letters, digits, '_', '-' or '.', 40 at most",
                )
    for analysis in codes(raw, "analyses", "id"):
        if analysis in RESERVED_ANALYSES:
            complaints.add(
                table="analyses",
                key="id",
                found=repr(analysis),
                expected=f"a name not reserved, as are {', '.join(RESERVED_ANALYSES)}",
            )


def _one_reference_arm(raw: Table, complaints: Complaints) -> None:
    arms = rows(raw, "arms")
    if not arms:
        return
    if len(arms) < 2:
        complaints.add(
            table="arms", key="", found="1 arm", expected="two or more", step=TrialStep.RANDOMISE
        )
    if rows(raw, "treatments"):
        return  # sequences are compared with none; what is wrong with theirs is said there
    references = [each for _, each in arms if each.get("reference") is True]
    if len(references) != 1:
        complaints.add(
            table="arms",
            key="reference",
            found=f"{len(references)} arms with reference = true",
            expected="exactly one, the arm that the others are compared with",
            step=TrialStep.ANALYSE,
        )


def _visits_run_in_time(raw: Table, complaints: Complaints) -> None:
    visits = rows(raw, "visits")
    if not visits:
        return
    baselines = [each for _, each in visits if each.get("baseline") is True]
    if len(baselines) != 1:
        complaints.add(
            table="visits",
            key="baseline",
            found=f"{len(baselines)} visits with baseline = true",
            expected="exactly one, the visit that changes are counted from",
            step=TrialStep.ANALYSE,
        )
    days = [each for _, each in visits if "target_day" in each]
    whole = [each["target_day"] for each in days if isinstance(each["target_day"], int)]
    hours = [each.get("target_hour", 0) for each in days]
    if len(whole) < len(days) or not all(isinstance(each, int | float) for each in hours):
        return
    times = list(zip(whole, hours, strict=True))
    if times != sorted(set(times)):
        complaints.add(
            table="visits",
            key="target_day",
            found=", ".join(shown(day) for day in whole),
            expected="days that rise from visit to visit, or with target_hour the hours of one day",
        )


def _outcomes_are_measured_after_baseline(raw: Table, complaints: Complaints) -> None:
    outcomes = rows(raw, "outcomes")
    roles = [each.get("role") for _, each in outcomes]
    if outcomes and OutcomeRole.PRIMARY.value not in roles:
        complaints.add(
            table="outcomes", key="role", found="no primary outcome", expected="one or more"
        )
    before, baseline, _ = visits_around_baseline(raw)
    for table, each in outcomes:
        visit = text(each, "time_point")
        if visit in [*before, *baseline]:
            which = "the baseline visit" if visit in baseline else "a visit before baseline"
            complaints.add(
                table=table,
                key="time_point",
                found=f"{visit!r}, {which}",
                expected="a visit after baseline",
            )


def _events_affect_visits_after_baseline(raw: Table, complaints: Complaints) -> None:
    """What happened before randomisation is no intercurrent event, and affects no value."""
    before, baseline, after = visits_around_baseline(raw)
    for table, each in rows(raw, "intercurrent_events"):
        visit = text(each, "from_visit")
        if visit and visit in [*before, *baseline]:
            which = "the baseline visit" if visit in baseline else "a visit before baseline"
            complaints.add(
                table=table,
                key="from_visit",
                found=f"{visit!r}, {which}, which nothing after randomisation can affect",
                expected=f"a visit after baseline: {', '.join(after)}; or no such key, for the first of them",
            )


def _references_are_known(raw: Table, complaints: Complaints) -> None:
    for table, key, value, target in _references(raw):
        known = codes(raw, target)
        if not known and target in _LACKED_AS_A_WHOLE:
            continue
        if value not in known:
            listed = ", ".join(known) or f"none, since there are no [[{target}]]"
            complaints.add(
                table=table,
                key=key,
                found=shown(value),
                expected=f"one of the {target}: {listed}{suggestion(value, known)}",
            )


def _references(raw: Table) -> Iterator[tuple[str, str, str, str]]:
    """Every place where a table names another: table, key, name, and the array it should be in."""
    single = {
        "outcomes": {"time_point": "visits"},
        "estimands": {"population": "populations"},
        "analyses": {
            "population": "populations",
            "estimand": "estimands",
            "family": "families",
            "time_point": "visits",
        },
        "characteristics": {"visit": "visits"},
        "periods": {"time_point": "visits", "baseline": "visits"},
        "intercurrent_events": {"from_visit": "visits"},
    }
    for name, keys in single.items():
        for table, each in rows(raw, name):
            for key, target in keys.items():
                value = each.get(key)
                if isinstance(value, str) and (value or (name, key) not in _MAY_BE_BLANK):
                    yield table, key, value, target
    for table, each in rows(raw, "analyses"):
        for code in texts(each, "outcomes"):
            yield table, "outcomes", code, "outcomes"
    for table, each in rows(raw, "periods"):
        for code in texts(each, "visits"):
            yield table, "visits", code, "visits"
    clusters = raw.get("clusters")
    for code in texts(clusters, "arms") if isinstance(clusters, Mapping) else ():
        yield "clusters", "arms", code, "arms"


def _characteristics_are_of_baseline(raw: Table, complaints: Complaints) -> None:
    """Tables and covariates name a characteristic form.item, so there is one of that name."""
    _, _, after = visits_around_baseline(raw)
    seen: set[str] = set()
    for table, each in rows(raw, "characteristics"):
        name = characteristic(each)
        if name in seen and name != ".":
            complaints.add(
                table=table,
                key="item",
                found=f"{name} for a second time",
                expected="each form and item once, at one visit",
            )
        seen.add(name)
        visit = text(each, "visit")
        if visit in after:
            complaints.add(
                table=table,
                key="visit",
                found=f"{visit!r}, a visit after baseline",
                expected="the baseline visit or one before it, since what is measured after "
                "randomisation may be an effect of the arm",
            )


def _blocks_hold_the_ratio(raw: Table, complaints: Complaints) -> None:
    table = raw.get("randomisation")
    sizes = table.get("block_sizes") if isinstance(table, Mapping) else None
    ratios = [each.get("ratio", 1) for _, each in rows(raw, "arms")]
    whole = [ratio for ratio in ratios if isinstance(ratio, int) and ratio > 0]
    if not isinstance(sizes, list) or len(whole) != len(ratios) or not whole:
        return
    for size in sizes:
        if isinstance(size, int) and (size < 1 or size % sum(whole)):
            complaints.add(
                table="randomisation",
                key="block_sizes",
                found=shown(size),
                expected=f"a multiple of {shown(sum(whole))}, the sum of the arms' ratios",
            )


def _study_ends_after_it_starts(raw: Table, complaints: Complaints) -> None:
    trial = raw.get("trial")
    if not isinstance(trial, Mapping):
        return
    start, end = trial.get("start"), trial.get("end")
    # A datetime is a date to Python, cannot be compared with one, and is complained of elsewhere.
    if type(start) is date and type(end) is date and end < start:
        complaints.add(
            table="trial", key="end", found=str(end), expected=f"a date from {start} onwards"
        )


def _rows_of_the_report_are_known(raw: Table, complaints: Complaints) -> None:
    """A row of the report that is to look different must be one; events are known from data alone."""
    report = raw.get("report")
    known = {
        "outcomes": codes(raw, "outcomes", "code"),
        "baseline": [characteristic(each) for _, each in rows(raw, "characteristics")],
    }
    for _, each in rows(report, "rows") if isinstance(report, Mapping) else ():
        table, of = text(each, "table"), text(each, "of")
        if of and table in known and of not in known[table]:
            complaints.add(
                table="report.rows",
                key="of",
                found=shown(of),
                expected=f"a row of {table}: {', '.join(known[table])}{suggestion(of, known[table])}",
            )
