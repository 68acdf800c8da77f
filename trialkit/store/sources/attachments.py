"""The files that items of type ``file`` name: what is in the trial's folder ``files/``."""

import os
import unicodedata
from pathlib import Path

from trialkit.schemas.forms.forms import Schemas

FOLDER = "files"


def attached_files(folder: Path, schemas: Schemas) -> frozenset[str]:
    """The paths below ``files/`` of every file there, when any form asks for one.

    A link that leads out of that folder is no file of the trial, and no folder is entered by a link.
    """
    asked = any(item.kind.names_a_file for form in schemas.forms for item in form.items)
    home = folder / FOLDER
    if not asked or not home.resolve().is_relative_to(folder.resolve()):
        return frozenset()
    inside = home.resolve()
    found = (
        Path(place) / name for place, _, names in os.walk(home, followlinks=False) for name in names
    )
    kept = (path for path in found if path.is_file() and path.resolve().is_relative_to(inside))
    return frozenset(
        unicodedata.normalize("NFC", path.relative_to(home).as_posix()) for path in kept
    )
