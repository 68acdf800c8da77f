"""Files of one command in a folder where people write, too: its own may be replaced, and no other.

A manifest lists the files with their hashes. So a file that is not as the command left it is never
overwritten and never taken away.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trialkit.disk.content import Content, whole
from trialkit.errors import DataFileError
from trialkit.files.whole_files import placed, read_whole, write_together


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who makes files in a folder, and how its manifest there is called."""

    manifest: str
    what: str
    """What the files are, such as ``a package``."""
    option: str
    """By which option another folder is named."""
    owns: Callable[[str], bool]
    """Whether a name in a manifest is one that it gives; a forged one takes nothing away elsewhere."""


def replace_own(maker: Maker, out: Path, files: Mapping[str, Content]) -> list[Path]:
    """These files in the place of those of an earlier run in ``out``, all together or none.

    Raises :class:`DataFileError`, and nothing is changed, where a file in the way was made by somebody
    else, or was changed since.
    """
    earlier = listed_in(maker, out)
    for name in dict.fromkeys((*files, *earlier)):
        if name != maker.manifest:
            _refuse_what_is_somebody_elses(maker, out / name, earlier.get(name), files.get(name))
    return write_together(placed(files, out), leaving=[out / name for name in earlier])


def _refuse_what_is_somebody_elses(
    maker: Maker, path: Path, made: str | None, now: Content | None
) -> None:
    """A file may go if it holds what an earlier run wrote, or stay if it holds what this one does."""
    there = read_whole(path)
    if there is None or _sha256(there) == made or (now is not None and whole(now) == there):
        return
    said = "was changed since it was made" if made else f"was not made by {maker.what}"
    raise DataFileError(
        f"{path}: {said}, and would be lost; move it away, or name another folder by {maker.option}"
    )


def listed_in(maker: Maker, out: Path) -> dict[str, str]:
    """The files of an earlier run with their hashes; nothing where none left its manifest.

    Raises :class:`DataFileError` for a file of that name which is no such manifest.
    """
    content = read_whole(out / maker.manifest)
    if content is None:
        return {}
    try:
        table = json.loads(content.decode("utf-8"))
        listed = {str(each["file"]): str(each["sha256"]) for each in table["files"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataFileError(
            f"{out / maker.manifest}: is no manifest of {maker.what}, and would be lost; move it away, "
            f"or name another folder by {maker.option}"
        ) from None
    return {name: sha for name, sha in listed.items() if maker.owns(name)} | {maker.manifest: ""}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
