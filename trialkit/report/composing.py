"""Results and protocol become the content of a report; every renderer starts from here."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from trialkit.grammar import by_number
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.citing.placing import with_references
from trialkit.report.content.content import Block, Content, Figure, Section
from trialkit.report.content.empty_columns import without_empty_columns
from trialkit.report.content.running_text import Runs, with_runs
from trialkit.report.content.tables import Footnote, Table
from trialkit.report.content.text import CrossReference
from trialkit.report.guidelines.answers import Answers
from trialkit.report.guidelines.checklist import consort_2025, fill_checklist
from trialkit.report.guidelines.extensions import chosen_extensions, unsupported_section
from trialkit.report.guidelines.inputs import ReportInputs
from trialkit.report.guidelines.official_form import official_form
from trialkit.report.lint.evidence import Evidence
from trialkit.report.lint.linting import lint
from trialkit.report.lint.section import lint_section
from trialkit.report.numbers.numbers import day
from trialkit.report.numbers.styles import STYLES, printed_in, style_in_use
from trialkit.report.sections.closing import SUPPLEMENT, discussion, supplement
from trialkit.report.sections.methods import methods
from trialkit.report.sections.opening import abstract, introduction, open_science
from trialkit.report.sections.results import results, still_to_come
from trialkit.report.sections.trial import identity, title_claims
from trialkit.report.spelling import in_its_spelling
from trialkit.report.tracing import printed_results, trace_numbers
from trialkit.report.words.en.dates import trial_dates
from trialkit.report.words.en.sentences.harms import are_collected
from trialkit.report.words.en.sentences.pooled import HEAD, notice
from trialkit.report.words.en.sentences.told import told
from trialkit.report.words.en.wording import capitalised, counted, listing
from trialkit.report.words.language.account import Account, measured_visits
from trialkit.results.flow import Stage
from trialkit.results.lookup import ResultIndex, Shelf, value
from trialkit.results.vocabulary import Stat


def compose(inputs: ReportInputs) -> Content:
    """Everything that the report says, numbered and with its checklist, in the style asked for."""
    style = STYLES[inputs.style]
    with printed_in(style):
        return replace(_composed(inputs), style=style)


def _composed(inputs: ReportInputs) -> Content:
    protocol = inputs.protocol
    guideline = consort_2025()
    index = ResultIndex(inputs.results)
    dates = trial_dates(protocol, inputs.results.conduct)
    extensions = chosen_extensions(protocol)
    answers = Answers(
        guideline=guideline,
        statements=inputs.statements,
        not_reported=protocol.not_reported,
        extensions=extensions,
        pooled=protocol.is_pooled,
    )
    account = Account(
        protocol=protocol.as_written,
        measured=measured_visits(index, protocol),
        index=None if protocol.is_pooled else index,
        history=inputs.history,
    )
    told_of = (
        abstract(protocol, index, dates, answers),
        open_science(protocol, dates, answers),
        introduction(protocol, answers),
        methods(
            account,
            answers,
            manifest=inputs.manifest,
            harms_counted=are_collected(protocol, index),
            size=inputs.size,
        ),
        results(inputs, index, dates, answers),
        discussion(answers),
        supplement(inputs, index),
    )
    found = lint(
        Evidence(
            protocol=protocol,
            results=inputs.results,
            index=index,
            statements=inputs.statements,
            dates=dates,
            size=inputs.size,
            history=inputs.history,
            printed=printed_results(told_of),
            told=told(account),
        )
    )
    composed = numbered((*told_of, lint_section(found), unsupported_section(protocol)))
    spelled = in_its_spelling(composed, inputs)
    sections = with_references(spelled, inputs.library, style_in_use(), before=SUPPLEMENT)
    checklist = fill_checklist(
        guideline, sections, head=title_claims(protocol), not_reported=protocol.not_reported
    )
    return Content(
        title=protocol.trial.title,
        short_title=protocol.trial.short_title,
        identity=identity(
            protocol,
            *((HEAD,) if protocol.is_pooled else ()),
            f"Data cut {day(inputs.manifest.data_cut)}",
            f"Reported after {guideline.name}",
        ),
        synthetic=protocol.trial.synthetic,
        warnings=_warnings(inputs, index),
        sections=sections,
        checklist=checklist,
        form=official_form(checklist),
        extensions=tuple(
            fill_checklist(
                each,
                sections,
                head=title_claims(protocol),
                not_reported=protocol.not_reported,
            )
            for each in extensions
        ),
        facts=inputs.manifest.facts(),
        draft=inputs.draft,
        traces=trace_numbers(sections, protocol=protocol, index=index, manifest=inputs.manifest),
        dated=inputs.manifest.data_cut,
        lint=found,
        language=style_in_use().spelling.value,
        origin=inputs.manifest.origin(inputs.style.value),
    )


def numbered(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The same sections, their tables and figures numbered, and references to them filled in."""
    labels = dict(_labels(block for section in sections for block in section.all_blocks()))
    return tuple(_with_labels(section, labels) for section in sections)


def footnotes(table: Table) -> tuple[Footnote, ...]:
    """The notes of a table's heads and cells, each with its mark."""
    notes = table.noted()
    return tuple(
        Footnote(mark=mark, text=note)
        for mark, note in zip(style_in_use().marks(len(notes)), notes, strict=True)
    )


def _labels(blocks: Iterator[Block]) -> Iterator[tuple[str, str]]:
    """Table 1, 2 …, Table S1 …, Figure 1 … in reading order, by anchor."""
    tables = supplementary = figures = further = 0
    for block in blocks:
        match block:
            case Table(supplementary=True):
                supplementary += 1
                yield block.anchor, f"Table S{supplementary}"
            case Table():
                tables += 1
                yield block.anchor, f"Table {tables}"
            case Figure(supplementary=True):
                further += 1
                yield block.anchor, f"Figure S{further}"
            case Figure():
                figures += 1
                yield block.anchor, f"Figure {figures}"
            case _:
                pass


def _with_labels(section: Section, labels: Mapping[str, str]) -> Section:
    return replace(
        section,
        blocks=tuple(_labelled(block, labels) for block in section.blocks),
        sections=tuple(_with_labels(each, labels) for each in section.sections),
    )


def _labelled(block: Block, labels: Mapping[str, str]) -> Block:
    def resolved(runs: Runs) -> Runs:
        return tuple(
            replace(run, label=labels[run.anchor]) if isinstance(run, CrossReference) else run
            for run in runs
        )

    if isinstance(block, Table):
        table = without_empty_columns(block.with_shared_notes())
        return replace(table, label=labels[block.anchor], footnotes=footnotes(table))
    pointing = with_runs(block, resolved)
    if isinstance(pointing, Figure):
        return replace(pointing, label=labels[pointing.anchor])
    return pointing


def _warnings(inputs: ReportInputs, index: ResultIndex) -> tuple[str, ...]:
    """What a reader must know before any number: hard findings that were allowed, and their people."""
    warnings = [notice(inputs.protocol)] if inputs.protocol.is_pooled else []
    unscreened = value(index.find(Shelf.FLOW, term=Stage.UNSCREENED), Stat.N)
    if unscreened:
        warnings.append(
            f"{capitalised(counted(int(unscreened), 'participant'))} "
            f"{by_number(unscreened, 'was', 'were')} randomised without having been screened; "
            "they are counted among those assessed."
        )
    interim = _interim(inputs.protocol, index)
    if interim:
        warnings.append(interim)
    left_out = [
        each.id
        for each in inputs.protocol.plan.analyses
        if inputs.manifest.only and each.id not in inputs.manifest.only
    ]
    if left_out:
        warnings.append(
            f"Not every analysis of the plan was asked for: {listing(left_out)} "
            f"{by_number(len(left_out), 'is', 'are')} left out. This is a part of the report, and "
            "a draft."
        )
    hard = int((inputs.findings["severity"].astype("str") == "hard").sum())
    if not hard:
        return tuple(warnings)
    allowed = (
        " The analysis went on because they were allowed." if inputs.hard_findings_allowed else ""
    )
    unresolved = (
        f"The data have {counted(hard, 'hard finding')} of the validation that "
        f"{by_number(hard, 'was', 'were')} not resolved at the data cut.{allowed}"
    )
    return (unresolved, *warnings)


def _interim(protocol: Protocol, index: ResultIndex) -> str:
    """That the primary outcome is not there yet for everybody; nothing where it is."""
    primary = protocol.primary
    to_come, everybody = still_to_come(protocol, index)
    if not to_come:
        return ""
    return (
        f"{primary.label} at {protocol.visit(primary.time_point).label}, the primary outcome, is "
        f"still to come for {to_come} of {counted(everybody, 'participant')} at the data cut: "
        "what stands here of it is interim, and not the trial's final result."
    )
