"""A trial checked by somebody from whom some answers are withheld: as far as they see it, and no further."""

from dataclasses import replace
from datetime import date

import numpy as np

from trialkit.checks.findings.findings import Findings
from trialkit.checks.trial.checking import check
from trialkit.errors import DataFileError
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import FormKind
from trialkit.schemas.reading.judged_part import JudgedPart, Unjudged
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot
from trialkit.store.sources.part_source import PartSource
from trialkit.store.sources.source import Source


def check_part(
    source: Source,
    part: JudgedPart,
    protocol: Protocol,
    *,
    cut: date | None = None,
    today: date | None = None,
) -> tuple[Snapshot, Findings]:
    """The data of what is judged, frozen, and everything that is wrong with them.

    Raises :class:`~trialkit.errors.DataFileError` as :func:`~trialkit.store.freezing.freeze` does, and
    where the form is withheld by which participants exist.
    """
    snapshot = freeze_part(source, part, cut=cut, today=today)
    return snapshot, judged_alone(check(snapshot, part.schemas, protocol), part.left_out)


def freeze_part(
    source: Source, part: JudgedPart, *, cut: date | None = None, today: date | None = None
) -> Snapshot:
    """The same data, of which nothing is judged yet; raises as :func:`check_part` does."""
    _refuse_without_participants(part)
    seen = PartSource(source=source, whole=part.whole) if part.left_out.each else source
    return freeze(seen, part.schemas, cut=cut, today=today)


def _refuse_without_participants(part: JudgedPart) -> None:
    first = part.whole.of_kind(FormKind.SCREENING) or part.whole.forms[0]
    if first.id not in {form.id for form in part.schemas.forms}:
        raise DataFileError(
            f"{first.id}: participants exist by this form, which is withheld from your role, so that nothing "
            "can be judged; ask whoever grants roles to let you read it"
        )


def judged_alone(findings: Findings, left_out: Unjudged) -> Findings:
    """The findings without those of rules that were left out, which saw a part of what they read."""
    if not left_out.each:
        return findings
    frame = findings.to_frame()
    judged = [
        not left_out.has(form=form, item=item, rule=rule)
        for form, item, rule in zip(frame["form"], frame["item"], frame["rule_id"], strict=True)
    ]
    kept = frame[np.array(judged, dtype=bool)].reset_index(drop=True)
    is_there = kept["cause"].isin(kept["query_key"])
    return replace(findings, frame=kept.assign(cause=kept["cause"].where(is_there, "")))
