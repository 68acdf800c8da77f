"""What the validation of the data and the lint of the protocol found."""

from tests.report.printed.trial import Drawn, Trial


def findings(trial: Trial) -> Drawn:
    counted: dict[tuple[str, ...], int] = {}
    for severity in ("hard", "soft", "note"):
        for row in trial.key.table("findings"):
            if row["severity"] == severity:
                place = (severity, row["form"], row["label"], row["rule_id"])
                counted[place] = counted.get(place, 0) + 1
    rows = [[*place, str(n)] for place, n in counted.items()]
    rows = rows or [["none", "nothing was found", "", "", "0"]]
    notes = ["The whole listing, with the place of each finding, is findings.csv."]
    heads = ["Severity", "Form", "Item", "Rule", "Findings"]
    told = [n for n, _ in enumerate(heads) if any(row[n] for row in rows)]
    return [heads[n] for n in told], [[row[n] for n in told] for row in rows], notes


def lint(trial: Trial) -> Drawn:
    rows = []
    found = trial.key.table("lint")
    for severity in ("error", "warning", "note"):
        own = [row for row in found if row["severity"] == severity]
        if own:
            rows.append([f"{severity.capitalize()}s"])
        for row in own:
            names = ("rule", "guideline_rows", "found", "mend", "place")
            rows.append([row[name] for name in names])
    heads = ["Rule", "CONSORT", "What was found", "How to mend it", "Place"]
    note = (
        "An error is a contradiction or an omission, a warning a weakness to be dealt with in "
        "words. The same rows are in lint.csv."
    )
    return heads, rows, [note]
