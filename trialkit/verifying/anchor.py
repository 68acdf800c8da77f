"""A hash that was kept elsewhere, against the manifest: the one thing that a forger cannot make again."""

import re
from enum import StrEnum

from trialkit.errors import DataFileError
from trialkit.outputs.names import MANIFEST
from trialkit.verifying.differences import Difference, DifferenceKind
from trialkit.verifying.recorded import Recorded, shown

_WHOLE = re.compile(r"[0-9a-f]{64}")


class Anchored(StrEnum):
    """What an anchor was found to be the hash of, and so what it vouches for."""

    MANIFEST = "the inputs and the files of the run are those that were anchored"
    CODE = "the inputs of the report, its data cut and its software are those that were anchored"


def anchored(anchor: str, recorded: Recorded) -> Anchored | None:
    """What an anchor vouches for: ``manifest.json`` as a whole, or its code; None for neither.

    Capitals and blanks do not matter, since people type it from paper. Raises
    :class:`DataFileError` for what is no whole hash: a part of one can be hit by trying.
    """
    given = "".join(anchor.split()).lower()
    if not _WHOLE.fullmatch(given):
        raise DataFileError(
            f"--anchor: found {shown(anchor)!r}; expected the 64 hexadecimal digits that 'trialkit "
            "run' says at its end, or those of the manifest code at the foot of the report"
        )
    if given == recorded.sha256:
        return Anchored.MANIFEST
    return Anchored.CODE if given == recorded.code else None


def not_anchored(recorded: Recorded) -> Difference:
    """That the manifest is another than the one that was anchored."""
    return Difference(
        kind=DifferenceKind.ANCHOR,
        file=MANIFEST,
        text=(
            f"is not the one that was anchored: its SHA-256 is {recorded.sha256}, its code "
            f"{recorded.code}; the report was made again, or was changed, since then"
        ),
    )
