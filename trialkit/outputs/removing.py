"""Which files of an earlier run are taken away, and which would mislead."""

from collections.abc import Mapping
from pathlib import Path

from trialkit.files.whole_files import remove_files
from trialkit.outputs.names import FIGURES, FINDINGS, MANIFEST, REPORT, RESULTS
from trialkit.protocol.loading import FILE
from trialkit.report.content.manifest import read_manifest
from trialkit.steps.stages import Validated

NO_FINDINGS = dict.fromkeys(FINDINGS, b"")
"""What may stand of a listing beside a pooled report, since it names participants and arms."""


def is_of_other_inputs(validated: Validated, out: Path) -> bool:
    """Whether a report in ``out`` was made from another protocol, other forms or other data.

    A validation alone leaves the report of an earlier run where it is.
    """
    made = read_manifest(out / MANIFEST)
    trial, snapshot = validated.trial, validated.snapshot
    now = {
        FILE: trial.protocol.source_sha256,
        **{form.file: form.sha256 for form in trial.schemas.forms},
        **dict(snapshot.sha256_of_files),
    }
    return made is not None and (made.inputs != now or made.data_cut != validated.cut)


def remove_earlier(out: Path, *, current: Mapping[str, bytes] | None = None) -> None:
    """Remove the results and the report that an earlier run left in ``out``.

    They would be taken for this run's. What is removed has a name that trialkit itself writes;
    drawings go only beside a manifest, the sign that trialkit drew there. A file named in
    ``current`` stays if it holds these very bytes, and is removed like the others if it does not.
    """
    known = current or {}
    drawings = sorted((out / FIGURES).glob("*.svg")) if (out / MANIFEST).is_file() else []
    figures = [each for drawn in drawings for each in (drawn, drawn.with_suffix(".png"))]
    named = [out / name for name in dict.fromkeys((*RESULTS, *REPORT, *known))]
    remove_files(
        path
        for path in (*figures, *named)
        if path.is_file() and (path.name not in known or path.read_bytes() != known[path.name])
    )
