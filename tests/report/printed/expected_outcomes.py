"""The outcomes of the primary and secondary analyses, at their time point and at every visit."""

from tests.report.printed.key import EN_DASH, count, hundredfold, p_value, with_limits
from tests.report.printed.trial import Drawn, Trial


def outcomes(trial: Trial) -> Drawn:
    key, rows, notes, points = trial.key, [], [], set()
    adjusted = _adjusts(trial, risks=False)
    first = trial.key.visits[0]["code"]
    for each in trial.main:
        for code in each["outcomes"]:
            if trial.of_risks(each, code):
                continue
            outcome, look = key.outcome(code), key.setting("outcomes", code)
            digits = look.get("digits", outcome["digits"])
            end = outcome["time_point"]
            points.add(end)
            if look.get("footnote"):
                notes.append(f"^a {look['footnote']}")
            rows.append([_group(trial, each, code)])
            for arm in trial.arms:
                own = {"outcome": code, "arm": arm}
                cells = [
                    trial.labels[arm],
                    count(key.stat("n", each["id"], visit=end, **own)),
                    count(key.stat("n", "descriptive", visit=end, **own)),
                    _of(
                        trial,
                        digits,
                        key.stat("n", "descriptive", visit=end, **own),
                        visit=first,
                        **own,
                    ),
                    trial.mean("descriptive", digits, visit=end, **own),
                    _of(
                        trial,
                        digits,
                        key.stat("n", "descriptive", visit=end, **own),
                        visit=end,
                        term="change",
                        **own,
                    ),
                ]
                blank = [""] * (3 if adjusted else 2)
                if arm == trial.reference:
                    rows.append([*cells, "reference", *blank])
                    continue
                where = trial.where(each, code, arm)
                places = 2 if each["id"] in trial.told.ratios else digits
                cells += [
                    trial.interval(each, key.effect(each["id"], **where), places),
                    with_limits(key.hedges(each["id"], **where), 2),
                    trial.p(each, where),
                ]
                if adjusted:
                    cells.append(p_value(key.stat("p_adjusted", each["id"], **where)))
                rows.append(cells)
    assert len(points) == 1
    against = "Compared with the reference arm"
    heads = [
        "Outcome and arm",
        "Participants: Analysed",
        "Participants: With data",
        f"Mean (SD): {key.visits[0]['label']}",
        f"Mean (SD): {key.visit(points.pop())}",
        "Mean (SD): Change",
        f"{against}: {trial.told.effect} ({trial.ci})",
        f"{against}: Hedges' g ({trial.ci})",
        f"{against}: p",
    ]
    heads += [f"{against}: Adjusted p"] if adjusted else []
    return heads, rows, [*dict.fromkeys(notes), *trial.told.outcomes_notes]


def _of(trial: Trial, digits: int, with_data: str | None, **where: str) -> str:
    """A mean, and of how many where others have it than have data at the time point."""
    text, n = (
        trial.mean("descriptive", digits, **where),
        trial.key.stat("n", "descriptive", **where),
    )
    return text if n in {None, "0", with_data} else f"{text}; n = {count(n)}"


def proportions(trial: Trial) -> Drawn | None:
    key, rows, notes = trial.key, [], []
    adjusted = _adjusts(trial, risks=True)
    for each in trial.main:
        for code in each["outcomes"]:
            if not trial.of_risks(each, code):
                continue
            look = key.setting("outcomes", code)
            if look.get("footnote"):
                notes.append(f"^a {look['footnote']}")
            rows.append([_group(trial, each, code)])
            end = key.outcome(code)["time_point"]
            for arm in trial.arms:
                own = {"outcome": code, "visit": end}
                people = (each["id"], arm, "responders")
                if each["method"] != "responders":
                    people = ("descriptive", arm, "")
                cells = [
                    trial.labels[arm],
                    count(key.stat("n", each["id"], arm=arm, **own)),
                    trial.of_n(people[0], people[1], term=people[2], **own),
                ]
                if arm == trial.reference:
                    rows.append([*cells, "reference", *[""] * (4 if adjusted else 3)])
                    continue
                where = trial.where(each, code, arm)
                cells += [
                    trial.risk(each["id"], measure, where)
                    for measure in ("risk_difference", "risk_ratio", "odds_ratio")
                ]
                cells.append(p_value(key.stat("p_value", each["id"], **where)))
                if adjusted:
                    cells.append(p_value(key.stat("p_adjusted", each["id"], **where)))
                rows.append(cells)
    if not rows:
        return None
    against = "Compared with the reference arm"
    heads = [
        "Outcome and arm",
        "Participants: Analysed",
        "Participants: With the outcome, n/N (%)",
        f"{against}: Risk difference, percentage points ({trial.ci})",
        f"{against}: Risk ratio ({trial.ci})",
        f"{against}: Odds ratio ({trial.ci})",
        f"{against}: p",
    ]
    heads += [f"{against}: Adjusted p"] if adjusted else []
    return heads, rows, [*dict.fromkeys(notes), *trial.told.proportions_notes]


def at_visits(trial: Trial) -> Drawn | None:
    key, rows = trial.key, []
    if len(key.visits) < 3:
        return None
    for each in trial.main:
        if each["method"] == "responders":
            continue
        for code in each["outcomes"]:
            binary = key.outcome(code)["type"] == "binary"
            unit = f" {EN_DASH} differences in percentage points" if binary else ""
            unit += (
                f" {EN_DASH} ratio of geometric means" if each["id"] in trial.told.ratios else ""
            )
            if each["role"] != key.outcome(code)["role"]:
                unit += f", {each['role']} analysis"
            alike = [one for one in trial.main if _same_but_for_the_method(one, each, code)]
            by = f" by {NAMES[each['method']]}" if len(alike) > 1 else ""
            rows.append([f"{trial.with_unit(code)}{unit}{by}"])
            for visit in key.visits:
                own = {"outcome": code, "visit": visit["code"]}
                if not any(key.stat("n", "descriptive", arm=a, **own) for a in trial.arms):
                    continue
                cells = [visit["label"]]
                for arm in trial.arms:
                    if binary:
                        cells.append(trial.of_n("descriptive", arm, **own))
                    else:
                        digits = key.outcome(code)["digits"]
                        cells.append(trial.mean("descriptive", digits, arm=arm, **own))
                for arm in trial.compared:
                    where = trial.where(each, code, arm, visit["code"])
                    if binary:
                        risks = key.effect(each["id"], method="risk_difference", **where)
                        cells.append(with_limits(tuple(map(hundredfold, risks)), 1))
                    else:
                        found = key.effect(each["id"], **where)
                        cells.append(trial.interval(each, found, trial.digits(each, code)))
                rows.append(cells)
    effect = f"{trial.told.effect.lower()} ({trial.ci})"
    heads = [
        "Outcome and visit",
        *trial.labels.values(),
        *(f"{trial.labels[arm]}: {effect}" for arm in trial.compared),
    ]
    given = "Comparisons with" if trial.told.ratios else "Differences from"
    note = (
        f"Mean (SD), or participants with the outcome (n/N, %). {given} the reference "
        "arm are given where the planned analysis makes them at that visit; only the one at "
        "the time point of the outcome is the planned comparison."
    )
    return heads, rows, [note]


def _adjusts(trial: Trial, risks: bool) -> bool:
    """Whether any outcome of a table has an adjusted p."""
    return any(
        trial.key.stat("p_adjusted", each["id"], **trial.where(each, code, arm))
        for each in trial.main
        for code in each["outcomes"]
        for arm in trial.compared
        if trial.of_risks(each, code) is risks
    )


NAMES = {"ancova": "analysis of covariance", "mixed_anova": "mixed analysis of variance"}
"""The methods by which one plan analyses an outcome twice in one role."""


def _same_but_for_the_method(one: dict, other: dict, code: str) -> bool:
    responders = [each["method"] == "responders" for each in (one, other)]
    return (
        code in one["outcomes"] and one["role"] == other["role"] and responders[0] is responders[1]
    )


def _group(trial: Trial, analysis: dict, code: str) -> str:
    """An outcome as the head of its rows."""
    outcome, look = trial.key.outcome(code), trial.key.setting("outcomes", code)
    words = outcome["label"].replace("(", " ").replace(")", " ").split()
    unit = outcome.get("unit", "")
    unit = f", {unit}" if unit and unit not in words else ""
    label = look.get("label") or f"{outcome['label']}{unit}"
    mark = "^a" if look.get("footnote") else ""
    standing = f"{outcome['role']} outcome"
    if outcome["role"] != analysis["role"]:
        standing += f", {analysis['role']} analysis"
    if analysis["method"] == "responders":
        standing = f"responders, {analysis['role']} analysis"
    alike = [each for each in trial.main if _same_but_for_the_method(each, analysis, code)]
    if len(alike) > 1:
        standing += f" by {NAMES[analysis['method']]}"
    when = trial.key.visit(outcome["time_point"])
    when = f"{when[0].lower()}{when[1:]}"
    better = outcome["direction"]
    return f"{label} {EN_DASH} {standing}, {when}, {better} is better{mark}"
