"""What the protocol defines: its outcomes and its estimands."""

from tests.report.printed.trial import Drawn, Trial


def definitions(trial: Trial) -> Drawn:
    rows, notes = [], []
    for role in ("primary", "secondary"):
        own = [each for each in trial.key.protocol["outcomes"] if each["role"] == role]
        rows.append([f"{role.capitalize()} outcomes"])
        for each in own:
            change = each.get("minimal_important_change")
            rows.append(
                [
                    each["label"],
                    each.get("unit", "none"),
                    each["metric"],
                    each["aggregation"],
                    trial.key.visit(each["time_point"]),
                    each["direction"],
                    f"{change} {each['unit']}" if change else "not stated",
                    each.get("assumed", "nothing"),
                ]
            )
            if change:
                source = each["minimal_important_change_source"]
                notes.append(f"Minimal important change, {each['label']}: {source}.")
    heads = ["Outcome", "Unit", "Metric", "Aggregation", "Time point", "Better",
             "Minimal important change", "Assumed"]  # fmt: skip
    return heads, rows, notes


def estimands(trial: Trial) -> Drawn:
    rows = [
        [
            each["code"],
            each["treatment"],
            trial.key.population(each["population"]),
            each["variable"],
            "; ".join(f"{e['event']} ({e['strategy']})" for e in each["intercurrent_events"]),
            each["summary"],
        ]
        for each in trial.key.protocol["estimands"]
    ]
    heads = ["Estimand", "Treatment conditions", "Population", "Variable",
             "Intercurrent events (strategy)", "Population-level summary"]  # fmt: skip
    return heads, rows, []
