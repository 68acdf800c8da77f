"""What stands before the plan itself: whose protocol of which version it is, and who signs it."""

import re

from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.responsible import Contributor
from trialkit.report.content.claims import Claim
from trialkit.report.content.content import Block, Section
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Definition, Definitions, Paragraph
from trialkit.report.guidelines.answers import in_words, planning, stated
from trialkit.report.marks.reading import protocol_runs
from trialkit.report.numbers.numbers import day
from trialkit.report.sections.trial import identity
from trialkit.report.words.en.unsaid import is_said, unsaid_of
from trialkit.report.words.en.wording import sentence

_YEAR = re.compile(r"\b(19|20)[0-9]{2}\b")
_DOTS = "\N{HORIZONTAL ELLIPSIS}"
_NAME, _SIGNATURE, _DAY = _DOTS * 15, _DOTS * 18, _DOTS * 9
"""What is written on by hand: dots on the line, which no rule of a table runs into."""
_UNSIGNED = (
    "This page is printed and signed by hand. It is not an electronic signature, and nothing in this "
    "document says that anybody has signed it."
)
_USUAL_SIGNERS = ("Principal investigator", "Statistician")
"""Who signs a protocol that names nobody."""


def front_lines(protocol: Protocol, guideline: str) -> tuple[str, ...]:
    """The lines under the title, each thing that is not stated said as such."""
    acronym = protocol.trial.acronym
    registered = () if protocol.registration else ("Not registered yet, or not stated where",)
    return (
        *((f"Acronym: {acronym}",) if acronym else ()),
        *registered,
        *identity(
            protocol,
            version_words(protocol),
            _line("Sponsor", protocol.sponsor.name),
            _line("Funding", protocol.funding.source, none_answers=True),
            f"Written after {guideline}",
        ),
    )


def _line(head: str, text: str, *, none_answers: bool = False) -> str:
    said = is_said(text, none_answers=none_answers)
    return f"{head}: {text.strip()}" if said else f"{head} not stated"


def version_words(protocol: Protocol) -> str:
    """The version and its day, as far as they are stated."""
    own = protocol.documents
    dated = f" of {day(own.version_date)}" if own.version_date else ""
    if is_version(own.version):
        return f"Protocol version {own.version.strip()}{dated or _undated(own.version)}"
    return f"Protocol{dated}, version not stated" if dated else "Protocol version not stated"


def is_version(text: str) -> bool:
    """Whether a text names a version: "1" and "2.2" do, which as words would be placeholders."""
    return any(sign.isdigit() for sign in text) or is_said(text)


def _undated(version: str) -> str:
    return "" if _YEAR.search(version) else ", date not stated"


def version(protocol: Protocol, sha256: str) -> tuple[Block | None, ...]:
    """Version and day, what the file was that this was written from, and every amendment."""
    own, told = protocol.documents, protocol.amendments
    parts = ["identifier"] if is_version(own.version) else []
    parts += ["date"] if own.version_date or _YEAR.search(own.version) else []
    silent = unsaid_of(
        {f"amendment {place}": (each.changes, each.reason, *(() if is_version(each.version) else ("",)))
         for place, each in enumerate(told, start=1)}
    )  # fmt: skip
    text = (
        f"{sentence(version_words(protocol))} It was written from a protocol file with the SHA-256 "
        f"{sha256[:12]}\N{HORIZONTAL ELLIPSIS}{'' if told else ' No amendment is recorded.'}"
    )
    claims = planning("2", *parts, lacks=silent)
    return (Paragraph(runs=(text,), claims=claims), _amendments(protocol))


def _amendments(protocol: Protocol) -> Table | None:
    if not protocol.amendments:
        return None
    return _words_table(
        "table-amendments",
        "Amendments of the protocol",
        stub="Version",
        heads=("Date", "What was changed", "Why"),
        rows=tuple(
            (each.version, day(each.date), each.changes, each.reason or "not stated")
            for each in protocol.amendments
        ),
    )


def contributors(protocol: Protocol) -> Block | None:
    """Who wrote the protocol, with what they are and where."""
    found = protocol.contributors
    if not found:
        return None
    silent = unsaid_of({each.name: (each.name, each.role, each.affiliation) for each in found})
    return _words_table(
        "table-contributors",
        "Those who wrote the protocol",
        stub="Name",
        heads=("Role", "Affiliation"),
        rows=tuple(
            (each.name, each.role or "not stated", each.affiliation or "not stated")
            for each in found
        ),
        claims=in_words(planning("3a", "contributors", lacks=silent)),
    )


def sponsor(protocol: Protocol) -> tuple[Block | None, ...]:
    """The sponsor, how to reach it, and what part it has."""
    own = protocol.sponsor
    told = [
        (term, part, text)
        for term, part, text in (("Sponsor", "name", own.name), ("Contact", "contact", own.contact))
        if text.strip()
    ]
    named = Definitions(
        entries=tuple(
            Definition(term=term, runs=protocol_runs(sentence(text))) for term, _, text in told
        ),
        claims=in_words(
            claim for _, part, text in told if is_said(text) for claim in planning("3b", part)
        ),
    )
    role = planning("3c", "role of the sponsor")
    return (
        named if told else None,
        stated(own.role, role, head="Role of the sponsor", none_answers=True),
    )


def signatures(protocol: Protocol) -> Section:
    """A page of its own with a line for each who signs."""
    lead = (
        f"{sentence(version_words(protocol))} By signing, each confirms to have read this protocol and "
        "agrees to carry out the trial as it is written here."
    )
    table = Table(
        anchor="table-signatures",
        label="Signatures",
        caption="To be signed by hand",
        stub="Signatory",
        heads=(ColumnHead(text="Signature", words=True), ColumnHead(text="Date", words=True)),
        groups=tuple(
            RowGroup(
                head=head,
                rows=(
                    Row(
                        head=name,
                        cells=tuple(Cell(text=line, words=True) for line in (_SIGNATURE, _DAY)),
                    ),
                ),
            )
            for head, name in _signatories(protocol)
        ),
        notes=(_UNSIGNED,),
        shown_as_data=False,
    )
    return Section(
        anchor="signatures",
        title="Signatures",
        starts_page=True,
        blocks=(Paragraph(runs=(lead,)), table),
    )


def _signatories(protocol: Protocol) -> tuple[tuple[str, str], ...]:
    """What each signatory is, and the name where the protocol says one, else a line to write it on."""
    name = protocol.sponsor.name
    of_sponsor = f"For the sponsor, {name}" if is_said(name) else "For the sponsor"
    signing = [each for each in protocol.contributors if each.signs]
    people = [(_described(each), each.name) for each in signing]
    return ((of_sponsor, _NAME), *(people or [(each, _NAME) for each in _USUAL_SIGNERS]))


def _described(contributor: Contributor) -> str:
    told = [each for each in (contributor.role, contributor.affiliation) if is_said(each)]
    return ", ".join(told) or "Role not stated"


def _words_table(
    anchor: str,
    caption: str,
    *,
    stub: str,
    heads: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    claims: tuple[Claim, ...] = (),
) -> Table:
    """A table of texts, the first of each row its head."""
    return Table(
        anchor=anchor,
        caption=caption,
        stub=stub,
        heads=tuple(ColumnHead(text=text, words=True) for text in heads),
        groups=(
            RowGroup(
                head="",
                rows=tuple(
                    Row(head=first, cells=tuple(Cell(text=text, words=True) for text in others))
                    for first, *others in rows
                ),
            ),
        ),
        shown_as_data=False,
        claims=claims,
    )
