"""A trial's data, frozen at the cut and checked."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from trialkit.checks.queries.queries import Queries, as_date
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.trial.checking import check
from trialkit.checks.trial.checking_a_part import check_part, judged_alone
from trialkit.disk.content import Content
from trialkit.schemas.forms.identifying import unmasked
from trialkit.schemas.reading.judged_part import judged_part
from trialkit.steps.kept_queries import kept_queries
from trialkit.steps.stages import OpenedTrial, Validated


def validate(
    trial: OpenedTrial,
    *,
    cut: date | None = None,
    today: date | None = None,
    asks: bool = False,
    in_part: bool = False,
) -> Validated:
    """The trial's data, frozen at the cut and checked; nothing is written.

    Only one that ``asks``, of files as they are now, has files of queries (:func:`query_files`), and its listing says when each was
    asked; that of any other is the same on every day, but for the age of what was asked before. Of data in a store the queries are
    those of the store, into which ``trialkit store query TRIAL check`` writes.
    ``today`` is the day of the run: that of what happens to queries, and the data cut where nobody
    states another (:mod:`trialkit.store.data_days`). Where something is withheld from whoever asks,
    they are refused, unless it is ``in_part``: then it is left out, and queries about it stay.
    """
    data = trial.data_in_part if in_part else trial.data
    part = judged_part(trial.schemas, data.withheld)
    snapshot, findings = check_part(data.source, part, trial.protocol, cut=cut, today=today)
    snapshot.let_go_of_frames()
    before = kept_queries(
        trial.folder,
        trial.schemas.data,
        trial.door,
        until=None if data.log is None else data.log.seq,
    )
    looks_back = _looks_back(snapshot.days.cut, before, today)
    return Validated(
        trial=replace(trial, schemas=part.schemas),
        snapshot=snapshot,
        findings=findings,
        queries=reconcile(
            before, findings, snapshot, part.schemas, today=today, left_out=part.left_out
        ),
        left_out=part.left_out,
        queries_before=before,
        looks_back=looks_back,
        asks=asks and not looks_back and data.log is None,
        today=today,
        log=data.log,
    )


def _looks_back(cut: date | None, before: Queries, today: date | None) -> bool:
    """Whether the cut lies before that of the last validation.

    A cut that had not come when it was recorded was read from a date typed wrong, as was done of old,
    and holds nothing up.
    """
    last = as_date(before.cut)
    if cut is None or last is None or (today is not None and last > today):
        return False
    return cut < last


def with_identifiers(validated: Validated) -> Validated:
    """The same findings for whoever may read answers that name a person; the queries stay masked."""
    schemas = unmasked(validated.trial.schemas)
    findings = check(validated.snapshot, schemas, validated.trial.protocol)
    return replace(validated, findings=judged_alone(findings, validated.left_out))


def query_files(validated: Validated) -> dict[Path, Content]:
    """What this validation means for the queries, as files of the trial's folder.

    There are none when it means nothing new, nor when it looks back: an earlier data cut does not
    undo what was asked and answered since.
    """
    if not validated.asks:
        return {}
    folder = QueryFolder(trial=validated.trial.folder)
    return folder.files(validated.queries, before=validated.queries_before)
