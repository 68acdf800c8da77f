"""What a report was made from: hashes of every input, versions, data cut and guideline."""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

from trialkit import __version__
from trialkit.report.content.content import Fact
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
class Manifest:
    """What this report was made from (CONSORT asks where; a reader can check that it is so)."""

    trial: str
    protocol: HashedFile
    forms: tuple[HashedFile, ...]
    data: tuple[HashedFile, ...]
    statements: tuple[HashedFile, ...]
    templates: tuple[HashedFile, ...]
    data_cut: date | None
    guideline: str
    synthetic: str
    versions: tuple[Version, ...]
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

    def with_documents(self, made: Iterable[tuple[str, bytes]]) -> "Manifest":
        """The same manifest, with the hash of each file of the report that was made."""
        hashed = (HashedFile(file=name, sha256=sha256(data)) for name, data in made)
        return replace(self, documents=tuple(hashed))

    @property
    def data_sha256(self) -> str:
        """One hash of all data files: of their names and hashes, a line each, in order."""
        lines = (f"{each.file} {each.sha256}\n" for each in self.data)
        return sha256("".join(lines).encode("utf-8"))

    def to_json(self) -> str:
        """The manifest as ``manifest.json`` holds it: the same inputs give the same bytes."""
        table = asdict(self)
        table["data_cut"] = self.data_cut.isoformat() if self.data_cut else None
        return json.dumps(table, ensure_ascii=False, indent=2) + "\n"

    def facts(self) -> tuple[Fact, ...]:
        """The lines that the report's foot prints, its own hash left out."""
        inputs = (
            ("Protocol", (self.protocol,)),
            ("Forms", self.forms),
            ("Data", self.data),
            ("Statements", self.statements),
            ("Templates", self.templates),
            ("Word looks", self.looks),
        )
        hashes = (
            Fact(term=name, text=", ".join(_shown(each) for each in hashed), code=True)
            for name, hashed in inputs
            if hashed
        )
        return (
            Fact(term="Guideline", text=self.guideline),
            Fact(term="Data cut", text=day(self.data_cut)),
            Fact(term="Software", text=", ".join(f"{v.name} {v.version}" for v in self.versions)),
            *hashes,
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
    """What a ``manifest.json`` says; None where there is none, or it is no manifest."""
    try:
        table = json.loads(path.read_text("utf-8"))
        files = (table["protocol"], *table["forms"], *table["data"])
        return MadeFrom(
            inputs={str(each["file"]): str(each["sha256"]) for each in files},
            data_cut=table["data_cut"] or "",
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def hash_files(paths: Iterable[Path], *, root: Path) -> tuple[HashedFile, ...]:
    """Each file with its hash, named from ``root``, sorted by name."""
    named = sorted((path.relative_to(root).as_posix(), path) for path in paths)
    return tuple(HashedFile(file=name, sha256=sha256(path.read_bytes())) for name, path in named)


def current_versions() -> tuple[Version, ...]:
    """trialkit, Python and the libraries that numbers, drawings and pages depend on."""
    own = (
        Version(name="trialkit", version=__version__),
        Version(name="Python", version=platform.python_version()),
    )
    return own + tuple(Version(name=name, version=version(name)) for name in LIBRARIES)


def _shown(hashed: HashedFile) -> str:
    return f"{hashed.file} {hashed.sha256[:SHOWN_HASH]}"
