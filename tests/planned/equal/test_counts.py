"""What every trial states without a method equals what is counted on the second reading."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from tests.planned.equal.second_reading import Person, SecondReading
from tests.planned.equal.worlds import World
from trialkit.planned.counts.harms import state_harms
from trialkit.results.effect import Status
from trialkit.results.vocabulary import Stat

Place = tuple[str, str, str, str, str, Stat]
"""Outcome, method, visit, term, arm and statistic."""


class Counted(dict[Place, float | None]):
    """What a shelf of the results must hold, and nothing else."""

    def put(
        self,
        numbers: dict[Stat, float | None],
        *,
        outcome: str = "",
        method: str = "descriptive",
        visit: str = "",
        term: str = "",
        arm: str = "",
    ) -> None:
        for stat, number in numbers.items():
            if number is not None and not np.isnan(number):
                self[outcome, method, visit, term, arm, stat] = float(number)


def assert_holds(world: World, shelf: str, expected: Counted) -> None:
    rows = [row for row in world.rows(shelf) if row.status is not Status.NOT_COLLECTED]
    found = {(r.outcome, r.method, r.visit, r.term, r.arm, r.stat_name): r.stat for r in rows}
    assert len(found) == len(rows)
    wrong = [("lacks", place) for place in expected.keys() - found.keys()]
    wrong += [("has", place) for place in found.keys() - expected.keys()]
    wrong += [
        (place, found[place], expected[place])
        for place in expected.keys() & found.keys()
        if found[place] != pytest.approx(expected[place], rel=1e-9, abs=1e-12)
    ]
    assert not wrong, f"{len(wrong)} rows, such as {wrong[:4]}"


def summary(values: Iterable[float]) -> dict[Stat, float | None]:
    """The description of numbers; the quartiles by definition 7, the median by its own."""
    whole = np.array(list(values), dtype=float)
    known = np.sort(whole[~np.isnan(whole)])
    n = len(known)
    described = {Stat.N: n, Stat.N_MISSING: len(whole) - n}
    if n:
        middle = (known[(n - 1) // 2] + known[n // 2]) / 2
        described |= {Stat.MEAN: sum(known) / n, Stat.MEDIAN: middle}
        described |= {Stat.MIN: known[0], Stat.MAX: known[-1]}
        for stat, share in ((Stat.Q1, 0.25), (Stat.Q3, 0.75)):
            place = share * (n - 1)
            below = int(place)
            above = min(below + 1, n - 1)
            described[stat] = known[below] + (place - below) * (known[above] - known[below])
    if n > 1:
        deviations = known - described[Stat.MEAN]
        described[Stat.SD] = (sum(deviations**2) / (n - 1)) ** 0.5
    return described


def test_each_arm_is_described_at_each_visit(world: World) -> None:
    trial, expected = world.trial, Counted()
    primary = next(e for e in trial.protocol["analyses"] if e["role"] == "primary")
    members = trial.population(primary["population"]).arms
    order = list(trial.visits)
    for code, outcome in trial.outcomes.items():
        cells = trial.cells(code)
        for visit in trial.asked(code):
            for arm in trial.arms:
                people = [name for name, own in members.items() if own == arm]
                here = [cells[name, visit] for name in people]
                values = [value for value, _, _ in here]
                if outcome["type"] == "binary":
                    described = summary(values)
                    n, events = described[Stat.N], np.nansum(values)
                    numbers = {Stat.N: n, Stat.EVENTS: events}
                    numbers[Stat.PERCENT] = 100 * events / n if n else None
                    numbers[Stat.N_MISSING] = described[Stat.N_MISSING]
                    tables = {"": numbers}
                else:
                    tables = {"": summary(values)}
                    if order.index(visit) > order.index(trial.baseline):
                        first = [trial.value(code, name, trial.baseline) for name in people]
                        changes = np.array(values) - np.array(first)
                        tables["change"] = summary(changes)
                for term, numbers in tables.items():
                    lacks = [np.isnan(v) for v in (values if not term else changes)]
                    apart = {
                        Stat.N_NOT_APPLICABLE: [never for _, _, never in here],
                        Stat.N_NOT_DUE: ["not yet due" in why for _, why, _ in here],
                    }
                    for stat, marks in apart.items():
                        count = sum(a and b for a, b in zip(lacks, marks, strict=True))
                        numbers[Stat.N_MISSING] -= count
                        numbers[stat] = count or None
                    expected.put(numbers, outcome=code, visit=visit, term=term, arm=arm)
    assert_holds(world, "descriptive", expected)
    rows = world.rows("descriptive")
    assert {row.population for row in rows} == {primary["population"]}
    in_the_unit = {Stat.MEAN, Stat.SD, Stat.MEDIAN, Stat.Q1, Stat.Q3, Stat.MIN, Stat.MAX}
    for row in rows:
        unit = trial.outcomes[row.outcome].get("unit", "")
        assert row.unit == (unit if row.stat_name in in_the_unit else "")


def test_the_baseline_table_describes_who_was_randomised_as_allocated(world: World) -> None:
    trial, expected = world.trial, Counted()
    report = trial.protocol.get("report", {})
    for row in trial.protocol["characteristics"]:
        name = f"{row['form']}.{row['item']}"
        values = {
            arm: [
                trial.characteristic(name, each)
                for each, person in trial.randomised.items()
                if person.arm == arm
            ]
            for arm in trial.arms
        }
        if trial.is_words(row["form"], row["item"]):
            had = {value for of_arm in values.values() for value in of_arm if value is not None}
            levels = [x for x in trial.choices(row["form"], row["item"]).values() if x in had]
            assert had == set(levels)
            for arm, of_arm in values.items():
                known = [value for value in of_arm if value is not None]
                for level in levels:
                    numbers = {
                        Stat.N: len(known),
                        Stat.N_MISSING: len(of_arm) - len(known),
                        Stat.EVENTS: known.count(level),
                        Stat.PERCENT: 100 * known.count(level) / len(known),
                    }
                    expected.put(numbers, outcome=name, term=level, arm=arm)
            distance = distance_of_shares
        else:
            for arm, of_arm in values.items():
                expected.put(summary(of_arm), outcome=name, arm=arm)
            distance = distance_of_means
        if report.get("standardised_differences"):
            for arm in trial.others:
                numbers = {
                    Stat.STANDARDISED_DIFFERENCE: distance(values[arm], values[trial.reference])
                }
                expected.put(numbers, outcome=name, term=f"{arm} - {trial.reference}")
    assert_holds(world, "baseline", expected)


def distance_of_means(one: list[float], other: list[float]) -> float:
    """Austin's: the difference of means over the root of the mean variance."""
    a, b = summary(one), summary(other)
    return (a[Stat.MEAN] - b[Stat.MEAN]) / ((a[Stat.SD] ** 2 + b[Stat.SD] ** 2) / 2) ** 0.5


def distance_of_shares(one: list[str | None], other: list[str | None]) -> float:
    """Austin's for two categories, without a sign."""
    first = sorted({value for value in (*one, *other) if value is not None})
    assert len(first) <= 2
    shares = []
    for values in (one, other):
        known = [value for value in values if value is not None]
        shares.append(known.count(first[0]) / len(known))
    p, q = shares
    return abs(p - q) / ((p * (1 - p) + q * (1 - q)) / 2) ** 0.5


def test_harms_are_counted_by_participant_and_event_in_the_arm_received(world: World) -> None:
    trial, expected = world.trial, Counted()
    rule = next(e for e in trial.protocol["populations"] if e.get("group_by") == "received")
    arms = trial.population(rule["code"]).arms
    events, outside, before = [], 0, 0
    for row in trial.table("adverse_events"):
        person = trial.people[row["subject_id"]]
        if trial.day(row, "start_date") < person.randomised_on:
            before += 1
        elif person.subject in arms:
            events.append(row)
        else:
            outside += 1
    groups, had_by_severity = {"any": events}, {}
    flags = {"serious": "serious", "related": "related", "led_to_withdrawal": "led to withdrawal"}
    for item, words in flags.items():
        groups[f"any: {words}"] = [row for row in events if trial.answer(row, item)]
    grades = trial.choices("adverse_events", "severity")
    worst: dict[str, str] = {}
    for code in grades:
        worst |= {row["subject_id"]: code for row in events if row["severity"] == code}
    for code, label in grades.items():
        groups[f"worst severity: {label}"] = [row for row in events if row["severity"] == code]
        had_by_severity[f"worst severity: {label}"] = {
            subject for subject, own in worst.items() if own == code
        }
    for name in {row["term"] for row in events}:
        groups[f"event: {name}"] = [row for row in events if row["term"] == name]
        serious = [row for row in groups[f"event: {name}"] if trial.answer(row, "serious")]
        if serious:
            groups[f"serious event: {name}"] = serious
    sizes = Counter(arms.values())
    for term, some in groups.items():
        had = {
            arm: {
                who
                for who in had_by_severity.get(term, {row["subject_id"] for row in some})
                if arms[who] == arm
            }
            for arm in sizes
        }
        for arm, people in had.items():
            low, high = proportion_confint(
                len(people), sizes[arm], alpha=1 - trial.level, method="beta"
            )
            numbers = {
                Stat.N: sizes[arm],
                Stat.EVENTS: len(people),
                Stat.PERCENT: 100 * len(people) / sizes[arm],
                Stat.N_EVENTS: sum(arms[row["subject_id"]] == arm for row in some),
                Stat.CONF_LOW: 0.0 if not people else low,
                Stat.CONF_HIGH: high,
            }
            expected.put(numbers, term=term, arm=arm)
        for arm in trial.others:
            a, n = len(had[arm]), sizes[arm]
            b, m = len(had[trial.reference]), sizes[trial.reference]
            low, high = confint_proportions_2indep(
                a, n, b, m, compare="diff", method="newcomb", alpha=1 - trial.level
            )
            numbers = {Stat.ESTIMATE: a / n - b / m, Stat.CONF_LOW: low, Stat.CONF_HIGH: high}
            numbers[Stat.CONF_LEVEL] = trial.level
            contrast = f"{arm} - {trial.reference}"
            expected.put(numbers, method="risk_difference", term=term, arm=contrast)
    assert_holds(world, "harms", expected)
    noun = "event" if outside == 1 else "events"
    note = f"{outside} {noun} of participants outside the population" if outside else ""
    assert {(row.note, row.population) for row in world.rows("harms")} == {(note, rule["code"])}
    assert world.results.conduct.events_before_randomisation == before


def test_without_a_population_by_what_was_received_everybody_who_received_any_is_at_risk(
    world: World,
) -> None:
    trial = world.trial
    allocated = tuple(e for e in world.protocol.populations if e.group_by == "allocated")
    rows = state_harms(replace(world.protocol, populations=allocated), world.datasets)
    sizes = {r.arm: r.stat for r in rows if (r.term, r.stat_name) == ("any", Stat.N)}
    received = (person.received for person in trial.randomised.values())
    assert sizes == Counter(arm for arm in received if arm)


def test_sessions_attended_are_counted_up_to_withdrawal(world: World) -> None:
    trial, expected = world.trial, Counted()
    for arm in trial.arms:
        own = [e for name, e in trial.attendance.items() if trial.people[name].arm == arm]
        if not own:
            continue
        total = {name: sum(each[name] for each in own) for name in own[0]}
        numbers = {
            Stat.N: len(own),
            Stat.PLANNED: total["planned"],
            Stat.PRESCRIBED: total["prescribed"],
            Stat.ATTENDED: total["attended"],
            Stat.UNKNOWN: total["unknown"],
            Stat.PERCENT: 100 * total["attended"] / total["prescribed"],
        }
        expected.put(numbers, arm=arm)
        shares = {
            "percent of prescribed": [
                100 * each["attended"] / each["prescribed"] if each["prescribed"] else np.nan
                for each in own
            ],
            "percent of planned": [100 * each["attended"] / each["planned"] for each in own],
            "minutes": [each["minutes"] for each in own],
        }
        for term, values in shares.items():
            expected.put(summary(values), term=term, arm=arm)
    assert_holds(world, "adherence", expected)


def why_not_randomised(person: Person) -> str:
    if person.not_enrolled:
        return person.not_enrolled
    return {
        None: "reason not recorded",
        False: "Did not meet the eligibility criteria",
        True: "eligible, but not randomised by the data cut",
    }[person.eligible]


def why_not_received(trial: SecondReading, person: Person) -> str:
    if person.not_received:
        return person.not_received
    labels = {each["code"]: each["label"] for each in trial.protocol["arms"]}
    return (
        f"received {labels[person.received]} instead" if person.received else "reason not recorded"
    )


def why_not_analysed(trial: SecondReading, person: Person) -> str | None:
    """Why somebody is not in the primary analysis: the population, or the first value that lacks."""
    plan = next(e for e in trial.protocol["analyses"] if e["role"] == "primary")
    (code,) = plan["outcomes"]
    order = list(trial.visits)
    later = order[order.index(trial.baseline) :]
    every = [visit for visit in trial.asked(code) if visit in later]
    pair = [trial.baseline, trial.outcomes[code]["time_point"]]
    outside = trial.population(plan["population"]).outside
    if person.subject in outside:
        return f"not in the population: {outside[person.subject]}"
    for visit in every if plan["method"] == "mixed_anova" else pair:
        value, reason, _ = trial.cells(code)[person.subject, visit]
        if np.isnan(value):
            return f"no value at {trial.visits[visit]['label']} ({reason})"
    return None


def test_the_flow_counts_everybody_at_each_stage(world: World) -> None:
    trial, expected = world.trial, Counted()
    plan = next(e for e in trial.protocol["analyses"] if e["role"] == "primary")
    (code,) = plan["outcomes"]
    end = trial.outcomes[code]["time_point"]
    others = [person for person in trial.people.values() if person.arm is None]
    expected.put({Stat.N: len(trial.people)}, term="assessed")
    expected.put({Stat.N: len(others)}, term="not randomised")
    for reason, count in Counter(map(why_not_randomised, others)).items():
        expected.put({Stat.N: count}, term=f"not randomised: {reason}")
    expected.put({Stat.N: len(trial.randomised)}, term="randomised")
    unscreened = [person for person in trial.randomised.values() if not person.screened]
    expected.put({Stat.N: len(unscreened)}, term="randomised without screening")

    stages: dict[str, Callable[[Person], str | None]] = {
        "not received": lambda p: (
            why_not_received(trial, p) if p.is_receipt_known and p.received != p.arm else None
        ),
        "lost": lambda p: (
            trial.cells(code)[p.subject, end][1]
            if np.isnan(trial.value(code, p.subject, end))
            and not trial.cells(code)[p.subject, end][2]
            else None
        ),
        "discontinued": lambda p: (
            p.discontinued_why or "reason not recorded" if p.discontinued else None
        ),
    }
    stages["excluded"] = lambda p: None if stages["lost"](p) else why_not_analysed(trial, p)
    for stage, why in stages.items():
        reasons = {name: why(person) for name, person in trial.randomised.items()}
        named = {reason for reason in reasons.values() if reason}
        for arm in trial.arms:
            own = [reasons[name] for name, p in trial.randomised.items() if p.arm == arm]
            expected.put({Stat.N: len(own) - own.count(None)}, term=stage, arm=arm)
            for reason in named:
                expected.put({Stat.N: own.count(reason)}, term=f"{stage}: {reason}", arm=arm)
    for arm in trial.arms:
        own = [person for person in trial.randomised.values() if person.arm == arm]
        received = [person for person in own if person.received == arm]
        analysed = [person for person in own if why_not_analysed(trial, person) is None]
        expected.put({Stat.N: len(own)}, term="allocated", arm=arm)
        expected.put({Stat.N: len(received)}, term="received", arm=arm)
        expected.put({Stat.N: len(analysed)}, term="analysed", arm=arm)
    unanswered: dict[str, Callable[[Person], bool]] = {
        "receipt not recorded": lambda p: not p.is_receipt_known,
        "discontinuation not recorded": lambda p: p.discontinued is None,
    }
    for stage, is_unknown in unanswered.items():
        who = [person.arm for person in trial.randomised.values() if is_unknown(person)]
        for arm in trial.arms if who else ():
            expected.put({Stat.N: who.count(arm)}, term=stage, arm=arm)
    assert_holds(world, "flow", expected)


def test_populations_count_who_is_in_them_and_why_others_are_not(world: World) -> None:
    trial, expected = world.trial, Counted()
    for rule in trial.protocol["populations"]:
        code = rule["code"]
        members = trial.population(code)
        for arm in trial.arms:
            out = [why for name, why in members.outside.items() if trial.people[name].arm == arm]
            inside = list(members.arms.values()).count(arm)
            expected.put({Stat.N: inside, Stat.N_EXCLUDED: len(out)}, term=code, arm=arm)
            for reason in set(members.outside.values()):
                numbers = {Stat.N_EXCLUDED: out.count(reason)}
                expected.put(numbers, term=f"{code}: {reason}", arm=arm)
    assert_holds(world, "populations", expected)


def test_values_that_lack_are_counted_with_their_reasons_as_allocated(world: World) -> None:
    trial, expected = world.trial, Counted()
    for code in trial.outcomes:
        for visit in trial.asked(code):
            for arm in trial.arms:
                cells = [
                    trial.cells(code)[name, visit]
                    for name, person in trial.randomised.items()
                    if person.arm == arm
                ]
                never = sum(each[2] for each in cells)
                due = [each for each in cells if not each[2] and "not yet due" not in each[1]]
                reasons = Counter(why for value, why, _ in due if np.isnan(value))
                lacking = reasons.total()
                numbers = {
                    Stat.N: len(due),
                    Stat.N_MISSING: lacking,
                    Stat.PERCENT: 100 * lacking / len(due) if due else None,
                    Stat.N_NOT_DUE: len(cells) - len(due) - never,
                    Stat.N_NOT_APPLICABLE: never,
                }
                expected.put(numbers, outcome=code, visit=visit, arm=arm)
                for reason, count in reasons.items():
                    number = {Stat.N_MISSING: count}
                    term = f"reason: {reason}"
                    expected.put(number, outcome=code, visit=visit, term=term, arm=arm)
        put_differences(expected, code, trial)
    assert_holds(world, "missing", expected)


def put_differences(expected: Counted, code: str, trial: SecondReading) -> None:
    """Each arm's share without a value at the time point less the reference's, by statsmodels' Newcombe."""
    about = {"outcome": code, "visit": trial.outcomes[code]["time_point"]}
    if trial.protocol.get("periods") or about["visit"] not in trial.asked(code):
        return

    def counted(stat: Stat, arm: str) -> int:
        return int(expected[code, "descriptive", about["visit"], "", arm, stat] or 0)

    reference, *others = trial.arms
    y0, n0 = counted(Stat.N_MISSING, reference), counted(Stat.N, reference)
    for arm in others:
        y1, n1 = counted(Stat.N_MISSING, arm), counted(Stat.N, arm)
        if not (n0 and n1):
            continue
        low, high = confint_proportions_2indep(
            y1, n1, y0, n0, method="newcomb", alpha=1 - trial.level
        )
        numbers = {Stat.ESTIMATE: y1 / n1 - y0 / n0}
        if not trial.protocol.get("clusters", {}).get("randomised"):
            numbers |= {Stat.CONF_LOW: low, Stat.CONF_HIGH: high, Stat.CONF_LEVEL: trial.level}
        expected.put(numbers, method="risk_difference", arm=f"{arm} - {reference}", **about)


def by_term(trial: SecondReading, named: list[tuple[str, str]], before: str) -> Counted:
    """People and rows of each term and of any, of those allocated; ``named`` are of people."""
    expected = Counted()
    for term in ("any", *dict.fromkeys(term for _, term in named)):
        for arm in trial.arms:
            size = sum(person.arm == arm for person in trial.randomised.values())
            people = [
                name
                for name, each in named
                if name and term in ("any", each) and trial.people[name].arm == arm
            ]
            numbers = {
                Stat.N: size,
                Stat.EVENTS: len(set(people)),
                Stat.PERCENT: 100 * len(set(people)) / size,
                Stat.N_EVENTS: len(people),
            }
            expected.put(numbers, term="any" if term == "any" else f"{before}{term}", arm=arm)
    return expected


def test_other_care_is_counted_by_participant_and_treatment(world: World) -> None:
    trial = world.trial
    care = [(row["subject_id"], row["treatment"]) for row in trial.table("concomitant_care")]
    expected = by_term(trial, care, "care: ") if care else Counted()
    assert_holds(world, "concomitant", expected)


def test_deviations_that_no_form_records_have_no_count(world: World) -> None:
    lacking = [row for row in world.rows("deviations") if row.status is Status.NOT_COLLECTED]
    assert [(row.term, row.arm, row.stat) for row in lacking] == [
        ("any: other deviations", arm, None) for arm in world.trial.arms
    ]


def test_deviations_are_read_off_the_data(world: World) -> None:
    trial = world.trial
    found: list[tuple[str, str]] = []
    for name, person in trial.randomised.items():
        if not person.screened:
            found.append((name, "Randomised without being screened"))
        if person.eligible is False:
            found.append((name, "Randomised although not eligible"))
        if person.received not in (person.arm, None):
            found.append((name, "Received another arm than allocated"))
        if person.received is None and person.is_receipt_known:
            found.append((name, "Received no arm's care"))
        for visit, plan in trial.visits.items():
            target = person.randomised_on + timedelta(days=plan["target_day"])
            first = target - timedelta(days=plan["window"]["early"])
            last = target + timedelta(days=plan["window"]["late"])
            dates = [
                trial.day(row, "visit_date")
                for form in trial.forms
                for row in trial.table(form)
                if row["subject_id"] == name and row.get("visit") == visit
            ]
            if any(day and not first <= day <= last for day in dates):
                found.append((name, "Visit outside its window"))
    terms = (
        "Randomised without being screened",
        "Randomised although not eligible",
        "Received another arm than allocated",
        "Received no arm's care",
        "Visit outside its window",
    )
    nobody = [("", term) for term in terms]
    expected = by_term(trial, [*found, *nobody], "deviation: ")
    undecided: dict[str, Callable[[Person], bool]] = {
        "Randomised although not eligible": lambda p: p.eligible is None,
        "Received another arm than allocated": lambda p: not p.is_receipt_known,
        "Received no arm's care": lambda p: not p.is_receipt_known,
    }
    for term, is_unknown in undecided.items():
        who = [person.arm for person in trial.randomised.values() if is_unknown(person)]
        for arm in trial.arms if who else ():
            expected.put({Stat.N_UNKNOWN: who.count(arm)}, term=f"deviation: {term}", arm=arm)
    assert_holds(world, "deviations", expected)


def test_a_family_adjusts_its_headline_p_values_together(world: World) -> None:
    trial = world.trial
    names = {"holm": "holm", "hochberg": "simes-hochberg", "bonferroni": "bonferroni"}
    for family in trial.protocol.get("families", []):
        members = [
            (row.outcome, row.term, row.analysis_id, row.stat)
            for row in world.results.rows
            if row.family == family["code"]
            and row.stat_name is Stat.P_VALUE
            and row.visit == trial.outcomes[row.outcome]["time_point"]
            and " - " in row.term
        ]
        adjusted = multipletests(
            [each[-1] for each in members], method=names[family["adjustment"]]
        )[1]
        found = {
            (row.outcome, row.term, row.analysis_id): (row.stat, row.note)
            for row in world.results.rows
            if row.stat_name is Stat.P_ADJUSTED and row.family == family["code"]
        }
        several = "" if len(members) == 1 else "s"
        note = f"{family['adjustment']} over {len(members)} comparison{several}"
        assert found.keys() == {each[:3] for each in members}
        for (*place, _), wanted in zip(members, adjusted, strict=True):
            assert found[tuple(place)] == (pytest.approx(wanted, rel=1e-9), note)


def test_the_days_of_the_trial_are_the_first_and_the_last(world: World) -> None:
    trial, conduct = world.trial, world.results.conduct
    randomised = [person.randomised_on for person in trial.randomised.values()]
    screened = [trial.day(row, "screening_date") for row in trial.table("screening")]
    ended = [person.ended for person in trial.randomised.values() if person.ended]
    assert conduct.first_screened == min(screened)
    assert conduct.first_randomised == min(randomised)
    assert conduct.last_randomised == max(randomised)
    assert conduct.last_followed == max(ended)
    assert pd.notna(conduct.last_followed)
