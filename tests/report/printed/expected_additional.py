"""The additional analyses: subgroups, strata, margins, and the same by other methods."""

from collections.abc import Iterator
from decimal import Decimal

from tests.report.printed.key import DASH, count, p_value, with_limits
from tests.report.printed.trial import MAIN, Drawn, Trial

ROLES = {"post hoc": "post hoc"}


def additional(trial: Trial) -> Drawn:
    groups: dict[str, list[list[str]]] = {}
    for each in trial.plan:
        if each["role"] in MAIN:
            continue
        for code in each["outcomes"]:
            groups.setdefault(code, []).extend(_further(trial, each, code))
    rows = []
    for code, own in groups.items():
        rows += [[trial.with_unit(code)], *own]
    heads = [
        "Outcome and analysis",
        "Population",
        "Analysed, n",
        f"Effect ({trial.ci})",
        f"Hedges' g ({trial.ci})",
        "p",
    ]
    notes = [
        f"Numbers analysed: {' / '.join(trial.labels.values())}.",
        f"{_order(trial)} P values of additional analyses are not adjusted for multiplicity.",
        *trial.told.additional_notes,
    ]
    return heads, rows, notes


def _order(trial: Trial) -> str:
    """Which arm comes first: strata are told by ratios, too, all others by differences."""
    minus = "are experimental minus reference, in the unit of the outcome where no other is named"
    if any(each["method"] == "cochran_mantel_haenszel" for each in trial.plan):
        return f"Differences {minus}; ratios are experimental over reference."
    return f"Effects {minus}."


def _further(trial: Trial, analysis: dict, code: str) -> Iterator[list[str]]:
    """The rows of an additional analysis: its words, population, numbers, effect, g and p."""
    key, own = trial.key, analysis["id"]
    end = key.outcome(code)["time_point"]
    digits = trial.digits(analysis, code)
    role = ROLES.get(analysis["role"], analysis["role"])
    lead = f"{trial.told.additional[own]} ({role})"
    sizes = " / ".join(
        count(key.stat("n", own, outcome=code, visit=end, arm=arm)) for arm in trial.arms
    )
    several = len(trial.compared) > 1

    def row(words: str, n: str, effect: str, g: str, p: str) -> list[str]:
        return [words, key.population(analysis["population"]), n, effect, g, p]

    def versus(arm: str) -> str:
        return f"{trial.labels[arm]} vs {trial.labels[trial.reference]}"

    def compared(arm: str, words: str, visit: str = "") -> list[str]:
        where = trial.where(analysis, code, arm, visit)
        return row(
            words,
            sizes,
            trial.interval(analysis, key.effect(own, **where), digits),
            with_limits(key.hedges(own, **where), 2),
            trial.p(analysis, where),
        )

    match analysis["method"]:
        case "subgroups":
            for arm in trial.compared:
                yield compared(arm, f"{lead}, {versus(arm)}, all participants")
            for level in trial.told.levels[own]:
                term = f"participants | {level}"
                for arm in trial.compared:
                    where = trial.where(analysis, code, arm)
                    where["term"] += f" | {level}"
                    effect = with_limits(key.effect(own, **where), digits)
                    n = " / ".join(
                        count(key.stat("n", own, outcome=code, visit=end, arm=each, term=term))
                        for each in trial.arms
                    )
                    yield row(f"{lead}, {versus(arm)}, {level}", n, effect, DASH, DASH)
            p = key.stat("p_value", own, outcome=code, visit=end, term="interaction")
            yield row(f"{lead}, interaction", sizes, DASH, DASH, p_value(p))
        case "cochran_mantel_haenszel":
            measures = ("risk_difference", "risk_ratio", "odds_ratio")
            for arm in trial.compared:
                for measure in measures:
                    where = trial.where(analysis, code, arm)
                    effect = trial.risk(own, measure, where)
                    if measure == "risk_difference":
                        effect += " percentage points"
                    words = f"{lead}, {versus(arm)}, {measure.replace('_', ' ')}"
                    yield row(words, sizes, effect, DASH, DASH)
            for arm in trial.compared:
                p = key.stat("p_value", own, **trial.where(analysis, code, arm))
                yield row(f"{lead}, {versus(arm)}", sizes, DASH, DASH, p_value(p))
        case "non_inferiority":
            for arm in trial.compared:
                words = f"{lead}, {versus(arm)}. {_concluded(trial, analysis, code, arm)}"
                yield compared(arm, words)
        case "mixed_anova":
            for visit in (each["code"] for each in key.visits[1:]):
                for arm in trial.compared:
                    words = f"{lead}, {versus(arm)}" if several else lead
                    words += "" if visit == end else f", {key.visit(visit)}"
                    yield compared(arm, words, visit)
        case _:
            for arm in trial.compared:
                yield compared(arm, f"{lead}, {versus(arm)}" if several else lead)


def _concluded(trial: Trial, analysis: dict, code: str, arm: str) -> str:
    """What a margin makes of an interval where more is better."""
    assert trial.key.outcome(code)["direction"] == "higher"
    _, low, _ = trial.key.effect(analysis["id"], **trial.where(analysis, code, arm))
    margin = analysis["margin"]
    one, other = trial.labels[arm], trial.labels[trial.reference]
    assert Decimal(low) > -margin
    text = f"{one} is non-inferior to {other}: the whole interval excludes being worse by the "
    text += "margin"
    if Decimal(low) > 0:
        text += f", and excludes no difference: {one} is better than {other}"
    return f"{text} (margin {margin})"
