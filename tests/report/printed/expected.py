"""Every table that a report must hold, in its order: under which caption stands what.

Which statistic stands in which column, and what each row is of, is written by hand in the modules
named for it here; the numbers are of the independent key.
"""

from collections.abc import Callable

from tests.report.printed.expected_additional import additional
from tests.report.printed.expected_findings import findings, lint
from tests.report.printed.expected_flow import flow, missing, populations
from tests.report.printed.expected_harms import harms, harms_differences
from tests.report.printed.expected_models import adjusted_means, anova, diagnostics
from tests.report.printed.expected_outcomes import at_visits, outcomes, proportions
from tests.report.printed.expected_participants import (
    adherence,
    baseline,
    concomitant,
    deviations,
)
from tests.report.printed.expected_protocol import definitions, estimands
from tests.report.printed.expected_suppositions import suppositions
from tests.report.printed.key import Key
from tests.report.printed.reading import Printed
from tests.report.printed.trial import Drawn, Told, Trial

Captions = dict[str, Callable[[Trial], Drawn | None]]

REPORT: Captions = {
    "Baseline characteristics of the randomised participants, by allocated arm": baseline,
    "Adherence to the sessions": adherence,
    "Concomitant care during the trial, participants by allocated arm": concomitant,
    (
        "Continuous outcomes: number analysed, result in each arm, and {effect} between arms"
    ): outcomes,
    (
        "Binary outcomes: participants with the outcome, and risks compared absolutely and "
        "relatively"
    ): proportions,
    "Adverse events, by the arm that participants received": harms,
    "Additional analyses": additional,
    "Missing values by visit, outcome and arm, of all randomised participants": missing,
    (
        "What each analysis uses, what it supposes of missing values, and what its standard error "
        "measures"
    ): suppositions,
}

SUPPLEMENT: Captions = {
    "Definition of the outcomes": definitions,
    "Estimands, by the five attributes of ICH E9(R1)": estimands,
    "Participant flow in numbers": flow,
    "Analysis populations, and randomised participants who are not in them": populations,
    "Deviations from the protocol, participants by allocated arm": deviations,
    "Outcomes at every visit": at_visits,
    (
        "Adverse events: risk difference from the reference arm, percentage points ({ci})"
    ): harms_differences,
    "Mixed analyses of variance ({sums_of_squares})": anova,
    (
        "Adjusted means at the time point of each outcome, numeric covariates at their mean"
    ): adjusted_means,
    "Checks of the assumptions of the primary and secondary analyses": diagnostics,
    "Findings of the data validation at the data cut, by rule": findings,
    "What the lint found, with the rows of the guideline that it touches": lint,
}

OF_NO_DATA = {definitions, estimands, lint, suppositions}
"""What tells of the protocol alone, and does not say that data are synthetic."""


def expected_tables(key: Key, told: Told) -> list[Printed]:
    """Every table of the report in its order, but for what the lint and the checklists say."""
    trial = Trial(key, told)
    return [*_labelled(trial, "Table ", REPORT), *_labelled(trial, "Table S", SUPPLEMENT)]


def _labelled(trial: Trial, lead: str, captions: Captions) -> list[Printed]:
    """The tables that a trial has, numbered."""
    words = {
        "effect": trial.told.effect.lower(),
        "ci": trial.ci,
        "sums_of_squares": trial.told.sums_of_squares,
    }
    found: list[Printed] = []
    for caption, table in captions.items():
        drawn = table(trial)
        if drawn is None:
            continue
        heads, rows, notes = drawn
        found.append(
            Printed(
                label=f"{lead}{len(found) + 1}",
                caption=caption.format(**words),
                synthetic="" if table in OF_NO_DATA else trial.key.protocol["trial"]["synthetic"],
                heads=tuple(heads),
                rows=tuple(tuple(row) for row in rows),
                notes=tuple(notes),
            )
        )
    return found
