"""The terms of analyses of variance, adjusted means, and checks of assumptions."""

from decimal import Decimal

from tests.report.printed.key import EN_DASH, count, number, p_value, positive, with_limits
from tests.report.printed.trial import Drawn, Trial


def anova(trial: Trial) -> Drawn:
    key, rows = trial.key, []
    corrected = len(key.visits) > 2
    for each in trial.plan:
        for code in each["outcomes"] if each["method"] == "mixed_anova" else ():
            rows.append([trial.analysis_head(each, code)])
            for term, words in (
                ("group", "Arm"),
                ("visit", "Visit"),
                ("group:visit", "Arm by visit"),
            ):

                def stat(name: str, own=each["id"], code=code, term=term) -> str:
                    return key.stat(name, own, outcome=code, term=term)

                degrees = (stat("df_num"), stat("df_den"))
                assert all(Decimal(df) % 1 == 0 for df in degrees)
                cells = [words, ", ".join(count(df) for df in degrees)]
                cells += [positive(stat("statistic"), 2), p_value(stat("p_value"))]
                if corrected:
                    cells.append(number(stat("epsilon_gg"), 3))
                    cells += [p_value(stat("p_value_gg")), p_value(stat("p_value_hf"))]
                cells.append(positive(stat("partial_eta_squared"), 3))
                cells.append(positive(stat("generalised_eta_squared"), 3))
                rows.append(cells)
    heads = ["Outcome and term", "df", "F", "p"]
    heads += ["ε (GG)", "p (GG)", "p (HF)"] if corrected else []
    heads += ["η²p", "η²G"]
    notes = ["η²p: partial, η²G: generalised eta squared."]
    if corrected:
        notes.append(
            "GG: Greenhouse and Geisser; HF: Huynh and Feldt. The plain p assumes sphericity."
        )
    return heads, rows, notes


def adjusted_means(trial: Trial) -> Drawn:
    key, rows = trial.key, []
    for each in trial.plan:
        if each["id"] not in trial.told.adjusted_means:
            continue
        term = "marginal mean" if each["method"] == "mmrm" else "adjusted mean"
        for code in each["outcomes"]:
            outcome = key.outcome(code)
            method = trial.told.adjusted_means[each["id"]]
            rows.append([f"{trial.with_unit(code)} {EN_DASH} {method}, {each['role']}"])
            for arm in trial.arms:
                own = {
                    "outcome": code,
                    "visit": outcome["time_point"],
                    "term": term,
                    "arm": arm,
                }
                rows.append(
                    [
                        trial.labels[arm],
                        with_limits(key.effect(each["id"], **own), outcome["digits"]),
                        number(key.stat("se", each["id"], **own), outcome["digits"] + 1),
                    ]
                )
    return ["Outcome and arm", f"Adjusted mean ({trial.ci})", "SE"], rows, []


def diagnostics(trial: Trial) -> Drawn:
    checks = {
        "normality_of_residuals": "Normality of residuals",
        "homogeneity_of_variance": "Homogeneity of variance",
        "homogeneity_of_covariance": "Homogeneity of covariance",
        "homogeneity_of_slopes": "Homogeneity of slopes",
    }
    if len(trial.key.visits) > 2:
        checks["sphericity"] = "Sphericity"
    labels = {each["code"]: each["label"] for each in trial.key.visits}
    rows = []
    for each in trial.main:
        for code in each["outcomes"]:
            own = []
            for (analysis, outcome, _, term, _, _), found in trial.key.by.items():
                check, _, place = term.partition(": ")
                if (analysis, outcome) != (each["id"], code) or check not in checks:
                    continue
                where = f", {labels.get(place, place)}" if place else ""
                own.append(
                    [
                        f"{checks[check]}{where}",
                        found["statistic"]["note"],
                        number(found["statistic"]["stat"], 3),
                        p_value(found["p_value"]["stat"]),
                    ]
                )
            if own:
                rows += [[trial.analysis_head(each, code)], *own]
    heads = ["Outcome and check", "Method", "Statistic", "p"]
    return heads, rows, ["They chose nothing: the methods are those of the plan."]
