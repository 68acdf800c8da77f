"""Whether the report that stands in a folder is of the trial as it is now."""

from pathlib import Path

from trialkit.outputs.names import MANIFEST
from trialkit.protocol.loading import FILE
from trialkit.report.content.manifest import read_manifest
from trialkit.steps.stages import Validated


def is_of_other_inputs(validated: Validated, out: Path) -> bool:
    """Whether a report in ``out`` was made from another protocol, other forms or other data.

    A validation alone leaves the report of an earlier run where it is. That another day has come is
    no other input, where the cut of both is the day of the run.
    """
    made = read_manifest(out / MANIFEST)
    trial, snapshot = validated.trial, validated.snapshot
    now = {
        FILE: trial.protocol.source_sha256,
        **{form.file: form.sha256 for form in trial.schemas.forms},
        **dict(snapshot.sha256_of_files),
    }
    if made is None or made.inputs != now:
        return made is not None
    return made.data_cut != validated.cut and not snapshot.days.of_the_run
