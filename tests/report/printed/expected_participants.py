"""What participants were like, what they got, and where that was not as planned."""

from collections.abc import Iterator
from decimal import Decimal

from tests.report.printed.key import count, limits, number
from tests.report.printed.trial import Drawn, Trial


def baseline(trial: Trial) -> Drawn:
    key, rows, notes = trial.key, [], []
    differences = key.protocol.get("report", {}).get("standardised_differences", False)
    first = key.protocol["characteristics"][0]
    sizes: dict[str, str | None] = {}
    for arm in trial.arms:
        own = {"outcome": f"{first['form']}.{first['item']}", "arm": arm}
        n, without = (key.stat(stat, "baseline", **own) for stat in ("n", "n_missing"))
        sizes[arm] = str(int(n) + int(without))
    for each in key.protocol["characteristics"]:
        name = f"{each['form']}.{each['item']}"
        look = key.setting("baseline", name)
        digits = look.get("digits", each.get("digits", 0))
        mark = ""
        if look.get("footnote"):
            notes.append(f"^a {look['footnote']}")
            mark = "^a"
        rows.append([look.get("label", each["label"]) + mark])
        terms = list(
            dict.fromkeys(
                row["term"]
                for row in key.rows
                if row["analysis_id"] == "baseline" and row["outcome"] == name and row["arm"]
            )
        )
        own_rows = list(_described(trial, name, terms, digits))
        without = [
            key.stat("n_missing", "baseline", outcome=name, term=terms[0], arm=arm)
            for arm in trial.arms
        ]
        if any(int(each) for each in without):
            own_rows.append(["Missing", *without])
        if differences:
            found = [
                number(
                    key.stat(
                        "standardised_difference",
                        "baseline",
                        outcome=name,
                        term=f"{arm} - {trial.reference}",
                    ),
                    2,
                )
                for arm in trial.compared
            ]
            blank = [""] * len(found)
            own_rows = [[*row, *(blank if place else found)] for place, row in enumerate(own_rows)]
        rows += own_rows
    heads = ["Characteristic", *trial.sized(sizes)]
    if differences:
        heads += [f"Standardised difference, {trial.labels[arm]}" for arm in trial.compared]
    notes += [
        (
            "Numbers are mean (SD) and median (lower to upper quartile), or participants (% of "
            "those with a value)."
        ),
        "Differences between arms are not tested: after randomisation they are due to chance.",
    ]
    if differences:
        notes.append(
            "Standardised difference: of the means, experimental minus reference arm, in the "
            "mean of both arms' standard deviations; of categories, the Mahalanobis distance "
            "of the proportions, without a sign."
        )
    return heads, rows, notes


def _described(trial: Trial, name: str, terms: list[str], digits: int) -> Iterator[list[str]]:
    if terms != [""]:
        for term in terms:
            where = {"outcome": name, "term": term}
            yield [term, *(trial.people("baseline", arm, **where) for arm in trial.arms)]
        return
    yield ["Mean (SD)", *(trial.mean("baseline", digits, outcome=name, arm=arm)
                          for arm in trial.arms)]  # fmt: skip
    yield ["Median (quartiles)", *(trial.median("baseline", digits, outcome=name, arm=arm)
                                   for arm in trial.arms)]  # fmt: skip


def adherence(trial: Trial) -> Drawn:
    key = trial.key
    logged = [arm for arm in trial.arms if key.stat("attended", "adherence", arm=arm)]
    share = {"term": "percent of prescribed"}

    def row(head: str, cell) -> list[str]:
        return [head, *(cell(arm) for arm in logged)]

    def total(stat: str, arm: str) -> str:
        return str(Decimal(key.stat(stat, "adherence", arm=arm)).normalize().to_integral())

    rows = [
        row("Participants", lambda arm: count(key.stat("n", "adherence", arm=arm))),
        row("Sessions planned", lambda arm: total("planned", arm)),
        row("Sessions attended of those prescribed, n/N (%)", trial.attended),
        row("Sessions of which attendance is not known", lambda arm: total("unknown", arm)),
        row(
            "Attendance of a participant, % of prescribed, mean (SD)",
            lambda arm: trial.mean("adherence", 1, arm=arm, **share),
        ),
        row(
            "Attendance of a participant, median (quartiles)",
            lambda arm: trial.median("adherence", 1, arm=arm, **share),
        ),
        row(
            "Attendance of a participant, lowest to highest",
            lambda arm: limits(
                *(key.stat(stat, "adherence", arm=arm, **share) for stat in ("min", "max")), 1
            ),
        ),
        row(
            "Minutes of a participant in all, mean (SD)",
            lambda arm: trial.mean("adherence", 0, arm=arm, term="minutes"),
        ),
    ]
    untold = {arm: key.stat("n_missing", "adherence", arm=arm, term="minutes") for arm in logged}
    if set(untold.values()) - {"", "0", "0.0", None}:
        rows.append(
            row("Participants with a session of unknown minutes", lambda arm: count(untold[arm]))
        )
    note = (
        "Prescribed: sessions planned up to withdrawal or the data cut, without those of which "
        "attendance is not known."
    )
    return ["", *(trial.labels[arm] for arm in logged)], rows, [note]


def concomitant(trial: Trial) -> Drawn:
    rows, heads = _participants(trial, "concomitant", "Any other care", "care: ")
    notes = ["Participants, n (%); one participant may have had several."]
    return ["Care", *heads], rows, notes


def deviations(trial: Trial) -> Drawn:
    rows, heads = _participants(trial, "deviations", "Any of those collected", "deviation: ")
    others = ["Other deviations", *("not collected" for _ in trial.arms)]
    rows = [others if row[0] == "any: other deviations" else row for row in rows]
    note = (
        "Participants, n (%); one participant may have had several. Screening, eligibility, "
        "allocation and visit windows are judged from the data themselves, where they are collected."
    )
    return ["Deviation", *heads], rows, [note]


def _participants(
    trial: Trial, shelf: str, all_: str, lead: str
) -> tuple[list[list[str]], list[str]]:
    rows = [
        [
            all_ if term == "any" else term.removeprefix(lead),
            *(trial.people(shelf, arm, term=term) for arm in trial.arms),
        ]
        for term in trial.key.terms(shelf)
    ]
    sizes = {arm: trial.key.stat("n", shelf, term="any", arm=arm) for arm in trial.arms}
    return rows, trial.sized(sizes)
