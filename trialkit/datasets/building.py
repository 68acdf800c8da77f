"""A snapshot becomes the datasets that the analyses read."""

from dataclasses import replace

import pandas as pd

from trialkit.datasets.at_risk import derive_times_at_risk
from trialkit.datasets.attendance import derive_attendance, derive_dose, units_of_dose
from trialkit.datasets.characteristics import characteristic_kinds, derive_characteristics
from trialkit.datasets.collected import not_collected
from trialkit.datasets.deviations import derive_deviations, of_unknown_days
from trialkit.datasets.disposition import count_disposition
from trialkit.datasets.events import derive_adverse_events, derive_concomitant
from trialkit.datasets.exposures import derive_exposures
from trialkit.datasets.intercurrent import derive_intercurrent
from trialkit.datasets.measurements import derive_measurements, outcome_levels, planned_visits
from trialkit.datasets.model import Datasets, Population
from trialkit.datasets.periods import period_values
from trialkit.datasets.populations import split_populations
from trialkit.datasets.sources import Sources
from trialkit.datasets.strategies import Strategies
from trialkit.datasets.subjects import derive_subjects, restrictions_asked
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.worst_values import worst_value
from trialkit.store.snapshot import Snapshot


def build_datasets(snapshot: Snapshot, schemas: Schemas, protocol: Protocol) -> Datasets:
    """Every dataset of the trial, derived once.

    Raises :class:`DatasetError` where validated data cannot become a dataset: a second row for a
    subject, an arm that the protocol does not know.
    """
    sources = Sources(snapshot=snapshot, schemas=schemas)
    subjects = derive_subjects(sources, protocol)
    attendance = derive_attendance(sources, protocol, subjects)
    populations = split_populations(protocol, subjects, attendance)
    return gather(sources, protocol, subjects, attendance, populations)


def gather(
    sources: Sources,
    protocol: Protocol,
    subjects: pd.DataFrame,
    attendance: pd.DataFrame,
    populations: tuple[Population, ...],
) -> Datasets:
    """The datasets of these subjects, who have an arm of the protocol."""
    schemas = sources.schemas
    characteristics = derive_characteristics(sources, protocol, subjects)
    times = derive_times_at_risk(sources, protocol, subjects)
    exposures = derive_exposures(sources, protocol, subjects, attendance, times.at_risk)
    measurements = derive_measurements(
        sources, protocol, subjects, times.at_risk, exposures=exposures
    )
    intercurrent = derive_intercurrent(sources, protocol, subjects)
    ends = {each.code: worst_value(each, schemas.forms) for each in protocol.outcomes}
    worst_values = {code: end for code, end in ends.items() if end is not None}
    strategies = Strategies(
        protocol=protocol, intercurrent=intercurrent.happened, worst=worst_values
    )
    datasets = Datasets(
        subjects=subjects,
        characteristics=characteristics,
        characteristic_kinds=characteristic_kinds(schemas, protocol),
        measurements=measurements,
        at_risk=times.at_risk,
        event_log=times.event_log,
        exposures=exposures,
        intercurrent=intercurrent.happened,
        intercurrent_unknown=intercurrent.unknown,
        adverse_events=derive_adverse_events(sources, subjects),
        attendance=attendance,
        dose=derive_dose(sources, protocol, subjects),
        dose_units=units_of_dose(schemas),
        concomitant=derive_concomitant(sources, subjects),
        deviations=derive_deviations(sources, protocol, subjects),
        days_unknown=of_unknown_days(sources, subjects),
        populations=populations,
        disposition=count_disposition(
            protocol,
            subjects,
            measurements,
            characteristics,
            populations,
            asked=sources.asked,
            strategies=strategies,
        ),
        planned_visits=planned_visits(sources, protocol),
        outcome_levels=outcome_levels(sources, protocol),
        worst_values=worst_values,
        restrictions=restrictions_asked(sources),
        not_collected=not_collected(sources, protocol),
    )
    if not protocol.is_crossover or protocol.is_pooled:
        return datasets
    return replace(datasets, periods=period_values(measurements, protocol))
