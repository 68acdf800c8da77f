"""What each analysis supposes of missing values, by its method, in words written by hand."""

from tests.report.printed.trial import Drawn, Trial

ALIKE = "Who lacks a value would have had one like that of others in the same arm"
ADJUSTED = f"{ALIKE} with the same covariates"
NOT_IMPUTED = "Of the values that are used; none is imputed"
BOTH, END, EVERY = "both ends", "the end", "every visit"
RULES = {
    "ancova": ("Analysis of covariance, {response}", BOTH, ADJUSTED),
    "mixed_anova": ("Mixed analysis of variance", EVERY, ALIKE),
    "welch_t": ("Welch's t test of the {response}", BOTH, ALIKE),
    "student_t": ("Student's t test of the {response}", END, ALIKE),
    "mann_whitney": ("Exact Mann-Whitney test of the {response}", END, ALIKE),
    "subgroups": ("Subgroups by {by}", BOTH, ADJUSTED),
    "non_inferiority": ("Non-inferiority, margin {margin}", BOTH, ALIKE),
    "bootstrap": ("Bootstrap, difference in means", BOTH, ALIKE),
    "risk_difference": ("Risk difference", END, ALIKE),
    "cochran_mantel_haenszel": ("Cochran-Mantel-Haenszel analysis", END, ADJUSTED),
}
OTHERS = {
    "mmrm": (
        "Mixed model for repeated measures, {response}",
        "Uses every value observed after baseline",
        "Values may be missing at random given those observed",
        NOT_IMPUTED,
    ),
    "responders": (
        (
            "Responders who improved by the minimal important change or more (without a value: counted as "
            "not improved)"
        ),
        "Counts participants without a value as not improved",
        "Who lacks a value did not improve",
        "Of all values; those put in the place of missing ones count like observed ones",
    ),
}
RESPONSES = {"final": "final value", "change": "change"}
CHARACTERISTICS = {"demographics.sex": "sex", "demographics.age_years": "age, years"}


def suppositions(trial: Trial) -> Drawn:
    groups: dict[str, list[list[str]]] = {}
    for each in trial.plan:
        labels = [trial.key.outcome(code)["label"] for code in each["outcomes"]]
        *others, last = labels
        head = f"{', '.join(others)} and {last}" if others else last
        own = groups.setdefault(head, [])
        row = _row(trial, each)
        own += [] if row in own else [row]
    rows = [line for head, own in groups.items() for line in ([head], *own)]
    heads = ["Outcome and analysis", "Values used", "Supposed of missing values", "Variance"]
    note = "Whether what is supposed is true, no data can show: what they would have to show is missing."
    return heads, rows, [note]


def _row(trial: Trial, analysis: dict) -> list[str]:
    method = analysis["method"]
    if method in OTHERS:
        name, *said = OTHERS[method]
    else:
        name, where, supposed = RULES[method]
        said = [f"Uses participants with a value at {_visits(trial, analysis, where)}", supposed,
                NOT_IMPUTED]  # fmt: skip
    named = name.format(
        response=RESPONSES[analysis.get("response", "final" if method == "ancova" else "change")],
        by=CHARACTERISTICS.get(analysis.get("by", ""), ""),
        margin=analysis.get("margin", ""),
    )
    return [f"{named} ({analysis['role']})", *said]


def _visits(trial: Trial, analysis: dict, where: str) -> str:
    """The visits at which a value is needed, as a sentence lists them."""
    visits = [each["label"][0].lower() + each["label"][1:] for each in trial.key.visits]
    codes = [each["code"] for each in trial.key.visits]
    end = codes.index(trial.key.outcome(analysis["outcomes"][0])["time_point"])
    needed = {BOTH: [visits[0], visits[end]], END: [visits[end]], EVERY: visits}[where]
    *others, last = needed
    return f"{', '.join(others)} and {last}" if others else last
