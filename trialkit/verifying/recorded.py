"""What ``manifest.json`` says of an earlier run; nothing in it is trusted."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from trialkit.disk.reading import reading
from trialkit.errors import DataFileError
from trialkit.files.json_reading import json_object
from trialkit.outputs.names import MANIFEST
from trialkit.printable import printable
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.content.manifest import code_of, sha256

MOST_BYTES = 300_000_000
_MOST_MANIFEST = 20_000_000
_MOST_FILES = 100_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[^\x00-\x1f\x7f\\:]{1,400}")
_INPUTS = ("forms", "data", "locks", "external", "statements", "templates", "looks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What an earlier run wrote down of itself."""

    inputs: Mapping[str, str]
    """The SHA-256 of each input, by its name with its group, as ``data: data/pain.csv``."""
    outputs: Mapping[str, str]
    versions: Mapping[str, str]
    data_cut: date | None
    last_day: date | None = None
    """The last day that the data could know of."""
    draft: bool
    style: ReportStyle | None
    reference: str
    """The SHA-256 of the Word file whose looks the call asked for; empty for none."""
    only: tuple[str, ...] = ()
    pooled: bool = False
    log: tuple[int, str] | None = None
    """The event of a store's log that the data were taken from, and its hash; None for files."""
    content: bytes
    """The manifest itself, as it stands in the file."""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the manifest."""
        return sha256(self.content)

    @property
    def code(self) -> str:
        """The manifest's code, as the report prints it."""
        return code_of(json.loads(self.content))


def read_recorded(out: Path) -> Recorded:
    """The manifest in an output folder.

    Raises :class:`DataFileError` where there is none, or where it is not what trialkit writes;
    a name in it that leads out of the folder is refused.
    """
    path = out / MANIFEST
    content = _content(path)
    raw = _tables(content, path)
    try:
        inputs = {f"protocol: {name}": sha for name, sha in _files([raw["protocol"]]).items()}
        for group in _INPUTS:
            inputs |= {f"{group}: {name}": sha for name, sha in _files(raw.get(group, [])).items()}
        style = raw.get("style") or None
        cut = raw["data_cut"]
        last = raw.get("last_day", cut)
        return Recorded(
            inputs=inputs,
            outputs=_files(raw["documents"]),
            versions={_text(each["name"]): _text(each["version"]) for each in raw["versions"]},
            data_cut=None if cut is None else date.fromisoformat(_text(cut)),
            last_day=None if last is None else date.fromisoformat(_text(last)),
            draft=raw.get("draft") is True,
            style=None if style is None else ReportStyle(_text(style)),
            reference="" if not raw.get("reference_sha256") else _sha(raw["reference_sha256"]),
            only=tuple(_text(each) for each in raw.get("only", ())),
            pooled=raw.get("pooled") is True,
            log=_log(raw.get("log")),
            content=content,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataFileError(
            f"{path}: is not a manifest of this version of trialkit ({type(error).__name__}: "
            f"{shown(str(error))}); make the report again with 'trialkit run'"
        ) from None


def read_inside(out: Path, name: str) -> bytes | None:
    """The bytes of a file of the output folder; None when it is not there.

    Raises :class:`DataFileError` for a name or a link that leads out of the folder, and for a file
    too large to be one of a report.
    """
    path = out / name
    with reading(shown(name)):
        if not path.is_file():
            return None
        if not path.resolve().is_relative_to(out.resolve()):
            raise DataFileError(f"{shown(name)}: leads out of {out}; remove the link")
        if path.stat().st_size > MOST_BYTES:
            raise DataFileError(f"{shown(name)}: is larger than any file of a report")
        return path.read_bytes()


def shown(text: str) -> str:
    """A text from a file as a message shows it: short, and without signs that move a cursor."""
    clean = printable(text)
    return clean if len(clean) <= 120 else f"{clean[:117]}..."


def _content(path: Path) -> bytes:
    with reading(path):
        if not path.is_file():
            raise DataFileError(
                f"{path.parent}: has no {MANIFEST}; name the folder that 'trialkit run' wrote"
            )
        if path.stat().st_size > _MOST_MANIFEST:
            raise DataFileError(f"{path}: is too large to be a manifest")
        return path.read_bytes()


def _tables(content: bytes, path: Path) -> dict[str, Any]:
    try:
        return json_object(content)
    except ValueError as error:
        raise DataFileError(f"{path}: is not a manifest of trialkit: {error}") from None


def _files(raw: object) -> dict[str, str]:
    if not isinstance(raw, list) or len(raw) > _MOST_FILES:
        raise TypeError("a list of files was expected")
    files = {_name(each["file"]): _sha(each["sha256"]) for each in raw}
    if len(files) != len(raw):
        raise ValueError("a file is named twice")
    return files


def _log(raw: object) -> tuple[int, str] | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or not isinstance(raw["seq"], int):
        raise TypeError("an event of a log was expected")
    return raw["seq"], _sha(raw["hash"])


def _name(raw: object) -> str:
    """A relative name that stays in its folder, on every system."""
    text = _text(raw)
    path = PurePosixPath(text)
    if not _NAME.fullmatch(text) or path.is_absolute() or ".." in path.parts:
        raise ValueError(f"the file name {shown(text)!r} leads out of the folder")
    return text


def _sha(raw: object) -> str:
    text = _text(raw)
    if not _SHA256.fullmatch(text):
        raise ValueError(f"{shown(text)!r} is no SHA-256")
    return text


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError("a text was expected")
    return raw
