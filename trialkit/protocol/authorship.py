"""``authors.toml``: who wrote the article, and what each of them did, by CRediT.

The file is optional, and nothing but a manuscript reads it: who is an author changes no result.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trialkit.errors import ProtocolError
from trialkit.limits import LONGEST_NAME
from trialkit.printable import has_line_ends
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, load_toml, read_tables, shown

FILE = "authors.toml"
MOST_AUTHORS = 1_000
_ORCID = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,190}\.[^\s@<>,;.\"]{2,63}")


class Contribution(StrEnum):
    """The fourteen roles of CRediT (ANSI/NISO Z39.104-2022)."""

    CONCEPTUALIZATION = "conceptualization"
    DATA_CURATION = "data curation"
    FORMAL_ANALYSIS = "formal analysis"
    FUNDING_ACQUISITION = "funding acquisition"
    INVESTIGATION = "investigation"
    METHODOLOGY = "methodology"
    PROJECT_ADMINISTRATION = "project administration"
    RESOURCES = "resources"
    SOFTWARE = "software"
    SUPERVISION = "supervision"
    VALIDATION = "validation"
    VISUALIZATION = "visualization"
    ORIGINAL_DRAFT = "writing - original draft"
    REVIEW_AND_EDITING = "writing - review & editing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """Where authors work."""

    id: str
    name: str

    def __post_init__(self) -> None:
        _refuse_no_line("id", self.id)
        _refuse_no_line("name", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """One who wrote the article."""

    name: str
    degrees: str = ""
    affiliations: tuple[str, ...] = ()
    """The ids of the affiliations."""
    orcid: str = ""
    email: str = ""
    corresponding: bool = False
    contributions: tuple[Contribution, ...] = ()

    def __post_init__(self) -> None:
        _refuse_no_line("name", self.name)
        if self.degrees:
            _refuse_no_line("degrees", self.degrees)
        if self.orcid and not is_orcid(self.orcid):
            raise ProtocolError(
                f"orcid: {shown(self.orcid)} is no ORCID iD; write it as 0000-0002-1825-0097, and "
                "check its digits, the last of which follows from the others"
            )
        if self.email and _EMAIL.fullmatch(self.email) is None:
            raise ProtocolError(f"email: {shown(self.email)} is no address")
        if self.corresponding and not self.email:
            raise ProtocolError("email: is missing, and the author is the corresponding one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """The authors in their order, and where they work."""

    authors: tuple[Author, ...]
    affiliations: tuple[Affiliation, ...]
    sha256: str
    """Of the bytes of the file."""

    def number(self, affiliation: str) -> int:
        """The number of an affiliation, counted from 1 as the authors name them."""
        named = dict.fromkeys(each for author in self.authors for each in author.affiliations)
        return list(named).index(affiliation) + 1

    @property
    def numbered_affiliations(self) -> tuple[Affiliation, ...]:
        """The affiliations in the order of their numbers; those that nobody names are left out."""
        named = {each for author in self.authors for each in author.affiliations}
        used = (each for each in self.affiliations if each.id in named)
        return tuple(sorted(used, key=lambda each: self.number(each.id)))

    @property
    def corresponding(self) -> Author | None:
        """The author who is written to; None where nobody is named."""
        return next((each for each in self.authors if each.corresponding), None)

    @property
    def by_contribution(self) -> Mapping[Contribution, tuple[Author, ...]]:
        """Who did what, in the order of CRediT; what nobody did is left out."""
        did = {
            role: tuple(each for each in self.authors if role in each.contributions)
            for role in Contribution
        }
        return MappingProxyType({role: authors for role, authors in did.items() if authors})


def _refuse_no_line(key: str, text: str) -> None:
    """Refuse what is no line of the title page: its parts would be joined, or break the page."""
    if not text.strip():
        raise ProtocolError(f"{key}: is empty")
    if len(text) > LONGEST_NAME:
        raise ProtocolError(f"{key}: has {len(text):,} characters; {LONGEST_NAME:,} at most")
    if has_line_ends(text):
        raise ProtocolError(
            f"{key}: {shown(text)} has a line break, or another sign that is not printed; write it on "
            "one line"
        )


def is_orcid(text: str) -> bool:
    """Whether it is written as an ORCID iD whose last digit is right (ISO 7064, MOD 11-2)."""
    if _ORCID.fullmatch(text) is None:
        return False
    digits, last = text.replace("-", "")[:-1], text[-1]
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == last


def read_authors(folder: Path) -> Authorship | None:
    """The authors that a trial's folder names; None where there is no such file.

    Raises :class:`ProtocolError` with everything that is wrong with it.
    """
    path = folder / FILE
    if not path.exists() and not path.is_symlink():
        return None
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ProtocolError(f"{path}: leads out of the trial's folder; put the file itself there")
    raw, sha256 = load_toml(path, file=FILE)
    complaints = Complaints(FILE)
    _complain_of_unknown(raw, complaints)
    places = read_tables(
        Affiliation, raw.get("affiliations"), table="affiliations", complaints=complaints,
        most=MOST_AUTHORS,
    )  # fmt: skip
    authors = read_tables(
        Author, raw.get("authors"), table="authors", complaints=complaints, most=MOST_AUTHORS
    )
    if not complaints.all():
        _complain_of_contradictions(authors, places, complaints)
    if found := complaints.all():
        raise ProtocolError(found)
    return Authorship(authors=authors, affiliations=places, sha256=sha256)


def _complain_of_unknown(raw: Mapping[str, Any], complaints: Complaints) -> None:
    known = ["authors", "affiliations"]
    for name in raw:
        if name not in known:
            complaints.add(
                table=name,
                key="",
                found="an unknown table or key",
                expected=f"one of {', '.join(known)}{suggestion(name, known)}",
            )


def _complain_of_contradictions(
    authors: tuple[Author, ...], places: tuple[Affiliation, ...], complaints: Complaints
) -> None:
    known = [each.id for each in places]
    if not authors:
        complaints.add(table="authors", key="", found="nobody", expected="tables [[authors]]")
    for twice in {each for each in known if known.count(each) > 1}:
        complaints.add(
            table="affiliations", key="id", found=f"{shown(twice)} twice", expected="an id each"
        )
    written_to = [each.name for each in authors if each.corresponding]
    if len(written_to) > 1:
        complaints.add(
            table="authors",
            key="corresponding",
            found=f"{len(written_to)} who are written to",
            expected="one at most",
        )
    for author in authors:
        for each in author.affiliations:
            if each not in known:
                complaints.add(
                    table=f"authors {shown(author.name)}",
                    key="affiliations",
                    found=shown(each),
                    expected=f"an id of [[affiliations]]{suggestion(each, known)}",
                )
