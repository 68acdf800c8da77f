"""What a report was made from: hashes of every input, versions, data cut and guideline."""

import hashlib
import json
import platform
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from trialkit import __version__
from trialkit.disk.digests import sha256_of_all
from trialkit.disk.reading import read_file
from trialkit.report.content.content import Fact
from trialkit.report.content.origin import Origin
from trialkit.report.numbers.numbers import day

LIBRARIES = (
    "numpy",
    "scipy",
    "pandas",
    "statsmodels",
    "pingouin",
    "pandera",
    "polars",
    "matplotlib",
    "jinja2",
    "python-docx",
    "typst",
)
SHOWN_HASH = 12
CODE = "Manifest code"
"""What the foot of a report calls the hash that ``trialkit verify --anchor`` can be given."""
_NOT_IN_THE_CODE = {"documents", "reference_sha256"}
"""The files that were made, and the looks of one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedFile:
    """An input file, named from the trial's folder, and the SHA-256 of its bytes."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A program or library that took part, and its version."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPlace:
    """An event of the log of an evidence store, whose hash covers all before it."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What this report was made from (CONSORT asks where; a reader can check that it is so)."""

    trial: str
    protocol: HashedFile
    forms: tuple[HashedFile, ...]
    data: tuple[HashedFile, ...]
    statements: tuple[HashedFile, ...]
    templates: tuple[HashedFile, ...]
    data_cut: date | None
    """What was asked for, else the protocol's, else the day of the run."""
    guideline: str
    synthetic: str
    versions: tuple[Version, ...]
    last_day: date | None = None
    """The last day that the data can know of: later dates were found to be wrong."""
    locks: tuple[HashedFile, ...] = ()
    """The record of when the plan was made, where there is one."""
    external: tuple[HashedFile, ...] = ()
    """The results that other programs made, and their scripts."""
    looks: tuple[HashedFile, ...] = ()
    """The Word file of the trial whose looks the report takes."""
    documents: tuple[HashedFile, ...] = ()
    """The files of the run itself, known to ``manifest.json`` alone."""
    draft: bool = False
    style: str = ""
    """The way of printing numbers that the call asked for; empty for the protocol's."""
    only: tuple[str, ...] = ()
    """The analyses of the plan that the call asked for; empty for all."""
    pooled: bool = False
    """Whether the call asked for all participants as one arm."""
    reference_sha256: str = ""
    """The Word file whose looks the call asked for; empty for none."""
    log: LogPlace | None = None
    """Where in the log of an evidence store the data were taken from; None for files."""
    not_hashed: tuple[str, ...] = ()
    """The data files of a pooled report that tell arms: with a hash, allocations could be tried."""

    def as_pooled(self, telling: Collection[str]) -> "Manifest":
        """The manifest of a pooled report, without the hashes of the data files that tell arms."""
        return replace(
            self,
            pooled=True,
            data=tuple(each for each in self.data if each.file not in telling),
            not_hashed=tuple(each.file for each in self.data if each.file in telling),
        )

    def with_documents(self, made: Iterable[tuple[str, bytes]]) -> "Manifest":
        """The same manifest, with the hash of each file of the report that was made."""
        hashed = (HashedFile(file=name, sha256=sha256(data)) for name, data in made)
        return replace(self, documents=tuple(hashed))

    @property
    def data_sha256(self) -> str:
        """One hash of all data files: of their names and hashes, a line each, in order."""
        return sha256_of_all((each.file, each.sha256) for each in self.data)

    @property
    def code(self) -> str:
        """One hash of all that the report was made from, its options and its software.

        The report prints it; the hash of ``manifest.json`` it cannot print, since that holds the
        report's own.
        """
        return code_of(self.to_table())

    def origin(self, style: str) -> Origin:
        """What numbers of the report need to be made again, printed by this style."""
        return Origin(
            trial=self.trial,
            version=self.version("trialkit"),
            code=self.code,
            data_cut=self.data_cut,
            last_day=self.last_day,
            style=style,
            only=self.only,
            pooled=self.pooled,
        )

    def to_table(self) -> dict[str, Any]:
        """The manifest as JSON knows it; the last day where it is another than the cut, the log of a store."""
        table = asdict(self) | {"data_cut": self.data_cut.isoformat() if self.data_cut else None}
        last = table.pop("last_day")
        if self.log is None:
            del table["log"]
        return table if last in {None, self.data_cut} else table | {"last_day": last.isoformat()}

    def to_json(self) -> str:
        """The manifest as ``manifest.json`` holds it: the same inputs give the same bytes."""
        return as_json(self.to_table())

    def facts(self) -> tuple[Fact, ...]:
        """The lines that the report's foot prints, its own hash left out."""
        inputs = (
            ("Protocol", (self.protocol,)),
            ("Forms", self.forms),
            ("Data", self.data),
            ("Locks of the plan", self.locks),
            ("Results of other programs", self.external),
            ("Statements", self.statements),
            ("Templates", self.templates),
            ("Word looks", self.looks),
        )
        hashes = (
            Fact(term=name, text=", ".join(_shown(each) for each in hashed), code=True)
            for name, hashed in inputs
            if hashed
        )
        unsaid = ", ".join(self.not_hashed)
        return (
            Fact(term="Guideline", text=self.guideline),
            Fact(term="Data cut", text=day(self.data_cut)),
            Fact(term="Software", text=", ".join(f"{v.name} {v.version}" for v in self.versions)),
            *hashes,
            *([] if self.log is None else [_of_the_log(self.log)]),
            *(
                [Fact(term="Data without a hash, since they tell arms", text=unsaid)]
                if unsaid
                else ()
            ),
            Fact(term=CODE, text=_in_groups(self.code), code=True),
        )

    def version(self, name: str) -> str:
        """The version of this program or library."""
        return next(each.version for each in self.versions if each.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFrom:
    """What an earlier report says that it was made from."""

    inputs: Mapping[str, str]
    """The SHA-256 of the protocol, of each form and of each data file, by name."""
    data_cut: str


def read_manifest(path: Path) -> MadeFrom | None:
    """What a ``manifest.json`` says; None where there is none, or it is no manifest.

    Raises :class:`DataFileError` for one that cannot be read: whether it is old is then not known.
    """
    if not path.is_file():
        return None
    content = read_file(path)
    try:
        table = json.loads(content.decode("utf-8"))
        files = (table["protocol"], *table["forms"], *table["data"])
        return MadeFrom(
            inputs={str(each["file"]): str(each["sha256"]) for each in files},
            data_cut=table["data_cut"] or "",
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def code_of(table: Mapping[str, Any]) -> str:
    """The code of a manifest as JSON knows it: the SHA-256 of all in it that the report tells.

    It does not depend on the order of the keys or on blanks.
    """
    inputs = {name: value for name, value in table.items() if name not in _NOT_IN_THE_CODE}
    return sha256(json.dumps(inputs, sort_keys=True, separators=(",", ":")).encode())


def as_json(table: Mapping[str, Any]) -> str:
    """The text of ``manifest.json``."""
    return json.dumps(table, ensure_ascii=False, indent=2) + "\n"


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def hash_files(paths: Iterable[Path], *, root: Path) -> tuple[HashedFile, ...]:
    """Each file with its hash, named from ``root``, sorted by name."""
    named = sorted((path.relative_to(root).as_posix(), path) for path in paths)
    return tuple(HashedFile(file=name, sha256=sha256(read_file(path))) for name, path in named)


def current_versions() -> tuple[Version, ...]:
    """trialkit, Python and the libraries that numbers, drawings and pages depend on."""
    own = (
        Version(name="trialkit", version=__version__),
        Version(name="Python", version=platform.python_version()),
    )
    return own + tuple(Version(name=name, version=version(name)) for name in LIBRARIES)


def _of_the_log(place: LogPlace) -> Fact:
    text = f"event {place.seq} of its log, {_in_groups(place.hash)}"
    return Fact(term="Data from the evidence store", text=text, code=True)


def _shown(hashed: HashedFile) -> str:
    return f"{hashed.file} {hashed.sha256[:SHOWN_HASH]}"


def _in_groups(code: str) -> str:
    """A code in eight groups, to be read out and to be broken across lines."""
    return " ".join(code[start : start + 8] for start in range(0, len(code), 8))
