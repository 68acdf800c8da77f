"""The document: whose protocol it is, what SPIRIT asks for in its order, and what is still open."""

from dataclasses import dataclass, replace

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.citing.library import NO_WORKS, Library
from trialkit.report.citing.placing import with_references
from trialkit.report.composing import numbered
from trialkit.report.content.checklists import Checklist
from trialkit.report.content.content import Content, Section
from trialkit.report.content.manifest import CODE, Manifest
from trialkit.report.guidelines.checklist import fill_checklist
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.report.numbers.styles import PLAIN
from trialkit.report.plan.chapters import (
    administration,
    analysis,
    assignment,
    data,
    ethical,
    introduction,
    monitoring,
    open_science,
    participants,
)
from trialkit.report.plan.front import front_lines, signatures
from trialkit.report.plan.gaps import open_items, open_items_words, with_gaps
from trialkit.report.plan.schedule import ScheduledForm
from trialkit.report.plan.secrecy import refuse_block_sizes, refuse_block_sizes_in
from trialkit.report.plan.shells.asked import AskedForms
from trialkit.report.plan.shells.shells import shell_blocks
from trialkit.report.plan.statements import spirit_2025, with_words
from trialkit.report.sections.trial import title_claims
from trialkit.results.size_check import UNCHECKED, SizeCheck

_OF_DATA = {"Data", "Data cut", CODE}
"""Facts of a manifest that a document made before any data has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInputs:
    """What a plan is written from."""

    protocol: Protocol
    statements: tuple[AuthorStatement, ...]
    forms: tuple[ScheduledForm, ...]
    manifest: Manifest
    asked: AskedForms | None = None
    """What the forms ask; None as long as there are none."""
    library: Library = NO_WORKS
    """The works that statements and protocol can cite."""
    size: SizeCheck = UNCHECKED
    draft: bool = False


def compose_plan(inputs: PlanInputs) -> Content:
    """The whole document.

    Raises :class:`ReportError` where words of the protocol or of a statement name block sizes.
    """
    protocol, guideline = inputs.protocol, spirit_2025()
    refuse_block_sizes_in(protocol)
    said = with_words(_chapters(inputs), inputs.statements)
    wanting = _checklist(said, protocol)
    composed = numbered(with_gaps(said, guideline, wanting))
    told = with_references(composed, inputs.library, PLAIN)
    content = Content(
        title=f"Protocol and statistical analysis plan: {protocol.trial.title}",
        short_title=f"{protocol.trial.short_title}: plan",
        identity=front_lines(protocol, guideline.name),
        synthetic="",
        warnings=open_items_words(wanting),
        sections=(
            signatures(protocol),
            *open_items(told, guideline, wanting),
            *(replace(each, starts_page=each.starts_page or each is told[0]) for each in told),
        ),
        checklist=_checklist(told, protocol),
        facts=tuple(fact for fact in inputs.manifest.facts() if fact.term not in _OF_DATA),
        draft=inputs.draft,
    )
    refuse_block_sizes(content, protocol.randomisation)
    return content


def _chapters(inputs: PlanInputs) -> tuple[Section, ...]:
    """What SPIRIT asks for, in its order, and the tables that there will be."""
    protocol = inputs.protocol
    return (
        administration(protocol, sha256=inputs.manifest.protocol.sha256),
        open_science(protocol),
        introduction(protocol),
        participants(protocol, inputs.forms, inputs.size),
        assignment(protocol),
        data(inputs.forms),
        analysis(protocol),
        monitoring(protocol),
        ethical(protocol),
        Section(
            anchor="shells",
            title="Table shells",
            starts_page=True,
            blocks=shell_blocks(protocol, inputs.asked),
        ),
    )


def _checklist(sections: tuple[Section, ...], protocol: Protocol) -> Checklist:
    return fill_checklist(
        spirit_2025(),
        sections,
        head=title_claims(protocol),
        not_reported=protocol.not_reported,
    )
