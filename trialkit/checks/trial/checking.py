"""All phases of validation, in order: shape, cells, rules, completeness and windows, distributions."""

import pandas as pd

from trialkit.checks.findings.findings import Findings
from trialkit.checks.findings.listing import findings_frame, sites_of
from trialkit.checks.judging.hits import Hits
from trialkit.checks.judging.judge import judge
from trialkit.checks.judging.others import CellsOfForms, Others
from trialkit.checks.judging.people import people, rows_at, without_doubted_dates
from trialkit.checks.judging.shape import check_shape
from trialkit.checks.trial.alike_terms import check_alike_terms
from trialkit.checks.trial.allocation import check_allocation
from trialkit.checks.trial.arms import check_arms
from trialkit.checks.trial.causes import with_causes
from trialkit.checks.trial.clusters import check_clusters
from trialkit.checks.trial.completeness import check_completeness
from trialkit.checks.trial.distribution import check_distributions
from trialkit.checks.trial.monitoring import check_what_monitors_expect
from trialkit.checks.trial.not_done import check_not_done
from trialkit.checks.trial.periods import check_periods
from trialkit.checks.trial.serious_events import check_serious_events
from trialkit.checks.trial.unanswered import check_unanswered
from trialkit.checks.trial.windows import (
    check_randomisation_dates,
    check_windows,
    visits_held,
    without_what_is_late,
)
from trialkit.checks.trial.words_for_none import check_words_for_none
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Purpose, Schemas
from trialkit.schemas.forms.identifying import hides
from trialkit.store.snapshot import Snapshot


def check(snapshot: Snapshot, schemas: Schemas, protocol: Protocol) -> Findings:
    """Everything that is wrong with the data, together; one defect makes one finding.

    Later phases leave alone what an earlier one found: a row that cannot be placed has no cells, a
    cell that cannot be read has no range, and a rule that needs such a cell finds nothing.
    """
    hits, subjects = every_hit(snapshot, schemas, protocol)
    frame = findings_frame(hits, snapshot, schemas, protocol, subjects=subjects)
    return Findings(frame=with_causes(frame, schemas, snapshot))


def check_alone(snapshot: Snapshot, schemas: Schemas, protocol: Protocol) -> tuple[Hits, ...]:
    """What the forms themselves mind in the rows that are there, each participant's by themselves.

    It is a part of :func:`every_hit`, for whoever asks many times.
    """
    shape = check_shape(snapshot, schemas)
    rows = rows_at(snapshot, schemas, shape)
    cells = CellsOfForms(rows, schemas, snapshot.files, snapshot.days)
    completeness = check_completeness(
        snapshot,
        schemas,
        protocol,
        people=people(shape.subjects, schemas, cells),
        shapes=shape.forms,
    )
    others = Others(schemas=schemas, cells=cells, absent=completeness.absent)
    judged = (judge(form, rows[form.id], others) for form in schemas.forms)
    return (*shape.hits, *(each for form in judged for each in form.hits))


def every_hit(
    snapshot: Snapshot, schemas: Schemas, protocol: Protocol
) -> tuple[list[Hits], pd.Series]:
    """What each check found, before it is listed, and the subjects of the trial."""
    shape = check_shape(snapshot, schemas)
    hits = list(shape.hits)
    rows = rows_at(snapshot, schemas, shape)
    cells = CellsOfForms(rows, schemas, snapshot.files, snapshot.days)
    subjects = people(shape.subjects, schemas, cells)
    completeness = check_completeness(
        snapshot, schemas, protocol, people=subjects, shapes=shape.forms
    )
    others = Others(schemas=schemas, cells=cells, absent=completeness.absent)
    judged = [judge(form, rows[form.id], others) for form in schemas.forms]
    hits += [each for form in judged for each in form.of_cells]
    ruled = [each for form in judged for each in form.of_rules]
    certain = without_doubted_dates(subjects, schemas, cells, ruled)
    names_days = not hides(schemas, Purpose.RANDOMISATION_DATE)
    held = visits_held(schemas, cells, protocol, people=certain)
    late = [
        each
        for form in schemas.forms
        for each in check_windows(cells[form.id], held, found=ruled, names_days=names_days)
    ]
    hits += [*without_what_is_late(ruled, late), *late]
    hits += check_randomisation_dates(schemas, cells, held)
    hits += completeness.hits
    hits += check_allocation(schemas, protocol, people=subjects, shapes=shape.forms, cells=cells)
    hits += check_arms(schemas, protocol, people=subjects, cells=cells)
    hits += check_periods(schemas, protocol, cells=cells, held=held, found=ruled)
    hits += check_clusters(schemas, protocol, people=subjects, cells=cells)
    hits += check_serious_events(schemas, cells)
    hits += check_unanswered(schemas, others, people=subjects, found=hits)
    if snapshot.not_done:
        hits += check_not_done(snapshot.not_done, schemas, subjects=shape.subjects, cells=cells)
    sites: dict[str, str] = {}
    if len(protocol.sites) > 1:
        of_each = sites_of(shape.subjects, snapshot, schemas, protocol)
        sites = dict(zip(shape.subjects, of_each, strict=True))
    hits += check_what_monitors_expect(others, protocol, people=subjects, sites=sites, found=hits)
    for form in schemas.forms:
        hits += check_alike_terms(cells[form.id])
        hits += check_words_for_none(cells[form.id])
        hits += check_distributions(cells[form.id], sites)
    return hits, shape.subjects
