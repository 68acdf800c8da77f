"""Where participants went: their flow, the populations, and whose values are missing."""

import itertools

from tests.report.printed.key import EN_DASH, count, percent
from tests.report.printed.trial import Drawn, Trial


def flow(trial: Trial) -> Drawn:
    key, blank = trial.key, [""] * len(trial.arms)

    def total(words: str, term: str) -> list[str]:
        return [words, count(key.stat("n", "flow", term=term)), *blank]

    def each(words: str, term: str) -> list[str]:
        cells = (count(key.stat("n", "flow", term=term, arm=arm)) for arm in trial.arms)
        return [words, "", *cells]

    def stage(words: str, term: str) -> list[list[str]]:
        reasons = _reasons(trial, term)
        return [each(words, term), *(each(why, f"{term}: {why}") for why in reasons)]

    excluded = [
        why.removeprefix("not randomised: ") for why in key.terms("flow", "not randomised: ")
    ]
    rows = [
        ["Enrolment"],
        total("Assessed for eligibility", "assessed"),
        total("Excluded", "not randomised"),
        *(total(why, f"not randomised: {why}") for why in excluded),
        total("Randomised", "randomised"),
        ["Allocation"],
        each("Allocated", "allocated"),
        each("Received allocated intervention", "received"),
        *stage("Did not receive allocated intervention", "not received"),
        ["Follow-up"],
        *stage("Lost to follow-up for primary outcome", "lost"),
        *stage("Discontinued intervention", "discontinued"),
        ["Analysis"],
        each("Analysed for primary outcome", "analysed"),
    ]
    if key.terms("flow", "lost but analysed"):
        words = "of these lost to follow-up, analysed from earlier visits"
        rows.append(each(words, "lost but analysed"))
    rows += stage("Excluded from analysis", "excluded")
    rows.append(["Told beside the flow, no part of its sums"])
    rows.append(["Sessions attended, n/N (%)", "", *map(trial.attended, trial.arms)])
    return ["Stage", "All", *trial.labels.values()], rows, []


def _reasons(trial: Trial, term: str) -> list[str]:
    """The reasons of a stage, those of the first arm first, as they stand in the file."""
    found = {}
    for arm in trial.arms:
        for row in trial.key.rows:
            if row["analysis_id"] == "flow" and row["arm"] == arm:
                head, _, why = row["term"].partition(": ")
                if head == term and why:
                    found[why] = None
    return list(found)


def populations(trial: Trial) -> Drawn:
    rows = []
    for each in trial.key.protocol["populations"]:
        code = each["code"]
        rows.append([f"{each['label']} {EN_DASH} {each['definition']}"])
        rows.append(["In the population", *_counts(trial, "populations", "n", code)])
        reasons = trial.key.terms("populations", f"{code}: ")
        for term in reasons:
            words = f"Not in it: {term.removeprefix(f'{code}: ')}"
            rows.append([words, *_counts(trial, "populations", "n_excluded", term)])
        if not reasons:
            rows.append(["Not in it", *_counts(trial, "populations", "n_excluded", code)])
    notes = ["Participants left out are counted in the arm they were allocated to."]
    return ["Population and reason", *trial.labels.values()], rows, notes


def _counts(trial: Trial, shelf: str, stat: str, term: str) -> list[str]:
    return [count(trial.key.stat(stat, shelf, term=term, arm=arm)) for arm in trial.arms]


def missing(trial: Trial) -> Drawn:
    key, rows = trial.key, []
    places = [
        (visit, outcome)
        for visit in key.visits
        for outcome in key.protocol["outcomes"]
        if key.stat("n", "missing", outcome=outcome["code"], visit=visit["code"], arm=trial.arms[0])
    ]
    apart = {
        (visit["code"], outcome["code"]): _apart(trial, visit["code"], outcome["code"])
        for visit, outcome in places
    }
    shown = ""
    for visit, outcome in places:
        if visit["label"] != shown:
            shown = visit["label"]
            rows.append([shown])
        own = {"outcome": outcome["code"], "visit": visit["code"]}
        cells = [outcome["label"]]
        reasons = []
        for arm in trial.arms:
            without, n = (key.stat(s, "missing", arm=arm, **own) for s in ("n_missing", "n"))
            cells.append(f"{count(without)}/{count(n)} ({percent(without, n)})")
            why = [
                f"{row['term'].removeprefix('reason: ')} {count(row['stat'])}"
                for row in key.rows
                if row["analysis_id"] == "missing"
                and (row["outcome"], row["visit"], row["arm"]) == (*own.values(), arm)
                and row["term"].startswith("reason: ")
            ]
            if why:
                reasons.append(f"{trial.labels[arm]}: {', '.join(why)}")
        cells.append("; ".join(reasons) or "none missing")
        if any(apart.values()):
            cells.append(apart[visit["code"], outcome["code"]] or "none")
        rows.append(cells)
    rows = _joined(rows)
    heads = ["Visit and outcome", *trial.labels.values(), "Reasons"]
    notes = ["Missing of expected values, n/N (%), by allocated arm."]
    if any(apart.values()):
        heads.append("Not expected")
        notes.append(
            "Values that cannot exist and values that are still to come at the data cut are "
            "neither expected nor missing."
        )
    return heads, rows, notes


def _joined(rows: list[list[str]]) -> list[list[str]]:
    """Three or more outcomes of a visit that lack nothing and say the same stand in one row."""
    found: list[list[str]] = []
    visits = [number for number, row in enumerate(rows) if len(row) == 1]
    for start, end in itertools.pairwise([*visits, len(rows)]):
        head, *own = rows[start:end]
        complete = [
            row
            for row in own
            if row[-1] in {"none missing", "none"}
            and all(cell.startswith("0/") for cell in row[1:] if "/" in cell)
        ]
        same = [row for row in complete if row[1:] == complete[0][1:]]
        if len(same) >= 3:
            others = [row for row in own if row not in same]
            which = "Each of the other" if others else "Each of the"
            words = ["three", "four", "five", "six", "seven", "eight", "nine"]
            own = [*others, [f"{which} {words[len(same) - 3]} outcomes", *same[0][1:]]]
        found += [head, *own]
    return found


def _apart(trial: Trial, visit: str, outcome: str) -> str:
    kinds = {
        "n_not_due": "not yet due at the data cut",
        "n_not_applicable": "not applicable",
    }
    parts = []
    for arm in trial.arms:
        found = {
            stat: trial.key.stat(stat, "missing", outcome=outcome, visit=visit, arm=arm)
            for stat in kinds
        }
        words = [f"{kinds[stat]} {n}" for stat, n in found.items() if n and int(n)]
        if words:
            parts.append(f"{trial.labels[arm]}: {', '.join(words)}")
    return "; ".join(parts)
