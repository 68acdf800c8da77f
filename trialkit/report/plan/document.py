"""The document: the sections that a report has too, in the future tense, in the order of SPIRIT."""

from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.composing import numbered
from trialkit.report.content.content import Block, Content, Section
from trialkit.report.content.manifest import CODE, Manifest
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Definition, Definitions, Paragraph
from trialkit.report.guidelines.answers import Told, in_words, planning, said
from trialkit.report.guidelines.checklist import fill_checklist
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.report.plan.secrecy import refuse_block_sizes, refuse_block_sizes_in
from trialkit.report.plan.statements import spirit_2025, with_words
from trialkit.report.plan.timeline import ScheduledForm, timeline
from trialkit.report.sections.conduct import blinding, interim, randomisation, sample_size
from trialkit.report.sections.interventions import interventions
from trialkit.report.sections.statistics import additional, analyses, missing_data, populations
from trialkit.report.sections.trial import (
    design,
    design_sentence,
    documents,
    eligibility,
    ethics,
    funder,
    funding,
    harms,
    identity,
    objectives,
    other_outcomes,
    primary_outcomes,
    registration,
    setting,
    title_claims,
)
from trialkit.report.tables.definitions import estimands_table, outcome_definitions
from trialkit.report.words.en.unsaid import is_said
from trialkit.report.words.en.wording import listing, sentence
from trialkit.report.words.language.account import Account
from trialkit.report.words.language.tense import Tense
from trialkit.report.words.languages import short_name
from trialkit.results.size_check import UNCHECKED, SizeCheck

_CHECKS = (
    "Every value is checked against its form: type, range, choices, required items, visit "
    "windows and the rules between items; each problem is a finding with a query."
)
_OF_DATA = {"Data", "Data cut", CODE}
"""Facts of a manifest that a document made before any data has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInputs:
    """What a plan is written from."""

    protocol: Protocol
    statements: tuple[AuthorStatement, ...]
    forms: tuple[ScheduledForm, ...]
    manifest: Manifest
    size: SizeCheck = UNCHECKED
    draft: bool = False


Part: TypeAlias = tuple[str, str, str, tuple[Block | None, ...]]
"""A section: its anchor, its title, the rows of SPIRIT that belong there, and its blocks."""


def compose_plan(inputs: PlanInputs) -> Content:
    """The whole document.

    Raises :class:`ReportError` where words of the protocol or of a statement name block sizes.
    """
    protocol, guideline = inputs.protocol, spirit_2025()
    refuse_block_sizes_in(protocol)
    tops = (
        _top("administration", "Administrative information", _administration(inputs)),
        _top("open-science", "Open science", _open_science(protocol)),
        _top("introduction", "Introduction", _introduction(protocol)),
        _top("participants", "Participants, interventions and outcomes", _participants(inputs)),
        _top("assignment", "Assignment of interventions", _assignment(protocol)),
        _top("analysis-plan", "Statistical analysis plan", _analysis(protocol)),
        _top("conduct", "Data and ethics", _conduct(inputs)),
    )
    sections = numbered(with_words(tops, inputs.statements))
    version = protocol.documents.version
    content = Content(
        title=f"Protocol and statistical analysis plan: {protocol.trial.title}",
        short_title=f"{protocol.trial.short_title}: plan",
        identity=identity(
            protocol,
            f"Version {version}" if version else "Version not stated",
            f"Written after {guideline.name}",
        ),
        synthetic="",
        warnings=(),
        sections=sections,
        checklist=fill_checklist(
            guideline, sections, head=title_claims(protocol), not_reported=protocol.not_reported
        ),
        facts=tuple(fact for fact in inputs.manifest.facts() if fact.term not in _OF_DATA),
        draft=inputs.draft,
    )
    refuse_block_sizes(content.all_blocks())
    return content


def _top(anchor: str, title: str, parts: tuple[Part, ...]) -> Section:
    return Section(
        anchor=anchor,
        title=title,
        sections=tuple(
            Section(
                anchor=own,
                title=head,
                items=tuple(rows.split()),
                blocks=tuple(block for block in blocks if block is not None),
            )
            for own, head, rows, blocks in parts
        ),
    )


def _all(told: Told) -> tuple[Block | None, ...]:
    return tuple(chain.from_iterable(told.values()))


def _administration(inputs: PlanInputs) -> tuple[Part, ...]:
    protocol = inputs.protocol
    return (
        ("summary", "Summary", "1a 1b", (_summary(protocol),)),
        ("version", "Version", "2", (_version(inputs),)),
        ("roles", "Roles", "3a 3b 3c 3d", (funder(protocol),)),
    )


def _summary(protocol: Protocol) -> Block:
    outcomes = f"Primary: {listing(primary_outcomes(protocol))}. {other_outcomes(protocol)}".strip()
    primary = "; ".join(
        f"{protocol.outcome(code).label}: {short_name(each.specification, protocol)}"
        for each in protocol.plan.analyses
        if each.role is AnalysisRole.PRIMARY
        for code in each.outcomes
    )
    return Definitions(
        entries=(
            Definition(term="Design", runs=(design_sentence(protocol),)),
            Definition(term="Outcomes", runs=(outcomes,)),
            Definition(term="Analysis", runs=(f"{primary}.",)),
        ),
        claims=planning("1b", "design and methods"),
    )


def _version(inputs: PlanInputs) -> Block:
    version = inputs.protocol.documents.version
    identifier = inputs.manifest.protocol.sha256[:12]
    written = f"Version {version}. " if version else ""
    dated = ("date",) if any(sign.isdigit() for sign in version) else ()
    text = f"{written}The protocol file has the SHA-256 {identifier}\N{HORIZONTAL ELLIPSIS}"
    return Paragraph(runs=(text,), claims=planning("2", "identifier", *dated))


def _open_science(protocol: Protocol) -> tuple[Part, ...]:
    sharing = said("4", "data sharing", protocol.documents.data_sharing, head="Data sharing")
    public, paid = "Protocol, analysis plan and data", "Funding, interests and dissemination"
    return (
        ("registration", "Registration", "4", registration(protocol)),
        ("documents", public, "5 6", (*documents(protocol), sharing)),
        ("funding", paid, "7a 7b 8", (funding(protocol),)),
    )


def _introduction(protocol: Protocol) -> tuple[Part, ...]:
    return (
        ("background", "Background and comparator", "9a 9b", ()),
        ("objectives", "Objectives", "10", objectives(protocol)),
    )


def _participants(inputs: PlanInputs) -> tuple[Part, ...]:
    protocol = inputs.protocol
    given = (*interventions(protocol), _adherence(protocol))
    size = sample_size(protocol, Tense.PLANNED, inputs.size)
    return (
        ("involvement", "Patient and public involvement", "11", ()),
        ("design", "Trial design", "12", (design(protocol),)),
        ("setting", "Setting", "13", setting(protocol)),
        (
            "eligibility",
            "Eligibility",
            "14a 14b",
            _all(eligibility(protocol, providers="Providers")),
        ),
        ("interventions", "Interventions", "15a 15b 15c 15d", given),
        ("outcomes", "Outcomes", "16", (_of_the_text(outcome_definitions(protocol)),)),
        ("harms", "Harms", "17", harms(protocol)),
        ("timeline", "Participant timeline", "18", (timeline(protocol, inputs.forms),)),
        ("sample-size", "Sample size and recruitment", "19 20", size),
    )


def _of_the_text(table: Table | None) -> Table | None:
    """A table that is supplementary in a report stands in the text of a plan."""
    return None if table is None else replace(table, supplementary=False)


def _adherence(protocol: Protocol) -> Block | None:
    told = [
        f"{arm.label}: {sentence(arm.intervention.adherence)}"
        for arm in protocol.arms
        if arm.intervention is not None and is_said(arm.intervention.adherence)
    ]
    text = f"Adherence. {' '.join(told)}"
    return Paragraph(runs=(text,), claims=in_words(planning("15c", "adherence"))) if told else None


def _assignment(protocol: Protocol) -> tuple[Part, ...]:
    drawn, blind = (_all(each(protocol, Tense.PLANNED)) for each in (randomisation, blinding))
    return (
        ("randomisation", "Randomisation", "21a 21b 22 23", drawn),
        ("blinding", "Blinding", "24a 24b 24c", blind),
    )


def _analysis(protocol: Protocol) -> tuple[Part, ...]:
    account, planned = Account(protocol=protocol), Tense.PLANNED
    looks = "Interim analyses and monitoring"
    return (
        ("estimands", "Estimands", "", (_of_the_text(estimands_table(protocol)),)),
        ("populations", "Populations", "27b", (populations(protocol, planned),)),
        ("analyses", "Analyses", "27a", analyses(account)),
        ("missing-data", "Missing data", "27c", (missing_data(account),)),
        ("additional", "Additional analyses", "27d", (additional(account),)),
        ("interim", looks, "28a 28b 29", (interim(protocol, planned),)),
    )


def _conduct(inputs: PlanInputs) -> tuple[Part, ...]:
    checked = Paragraph(runs=(_CHECKS,), claims=planning("26", "checks"))
    rows = "30 31 32a 32b 33 34"
    return (
        ("data", "Data", "25a 25b 26", (checked if inputs.forms else None,)),
        ("ethics", "Ethics", rows, (ethics(inputs.protocol),)),
    )
