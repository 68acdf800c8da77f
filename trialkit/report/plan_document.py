"""The trial's description and statistical analysis plan, from the protocol alone, before any data.

Block sizes are never printed: a plan is public before the last participant is randomised.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from trialkit.errors import ReportError
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.conduct import Blinded, RandomisationType
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit
from trialkit.report.composing import numbered
from trialkit.report.content.claims import Claim, Source
from trialkit.report.content.content import Block, Content, Fact, Section
from trialkit.report.content.manifest import Manifest
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import (
    Bullets,
    Definition,
    Definitions,
    Gap,
    GapKind,
    Paragraph,
    Reference,
    Run,
    Statement,
)
from trialkit.report.guidelines.answers import listed, said, says
from trialkit.report.guidelines.checklist import (
    CORE,
    Guideline,
    consort_2025,
    fill_checklist,
    read_guideline,
)
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.report.lint.text_rules import leaked, leaks_in_words
from trialkit.report.numbers.numbers import day
from trialkit.report.sections.interventions import interventions
from trialkit.report.sections.opening import design_sentence
from trialkit.report.tables.definitions import estimands_table, outcome_definitions
from trialkit.report.words.en.dates import registration_number
from trialkit.report.words.en.sentences.analyses import analysis_definitions
from trialkit.report.words.en.sentences.comparisons import (
    general_sentences,
    multiplicity_sentences,
)
from trialkit.report.words.en.sentences.conduct import harms_sentences, missing_data_sentences
from trialkit.report.words.en.wording import counted, is_said, listing, sentence
from trialkit.report.words.language.account import Account
from trialkit.report.words.languages import short_name
from trialkit.results.size_check import UNCHECKED, SizeCheck

SPIRIT = "spirit"
_KINDS = {
    RandomisationType.SIMPLE: "simple, without restriction",
    RandomisationType.PERMUTED_BLOCKS: "in permuted blocks",
    RandomisationType.STRATIFIED_BLOCKS: "in permuted blocks",
    RandomisationType.MINIMISATION: "by minimisation",
    RandomisationType.BIASED_COIN: "by a biased coin",
    RandomisationType.URN: "by an urn",
    RandomisationType.BIG_STICK: "by the big stick design",
}
_IN_BLOCKS = frozenset({RandomisationType.PERMUTED_BLOCKS, RandomisationType.STRATIFIED_BLOCKS})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledForm:
    """A form, and the visits at which it is filled in; none for one that waits for its event."""

    label: str
    visits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInputs:
    """What a plan is written from."""

    protocol: Protocol
    statements: tuple[AuthorStatement, ...]
    forms: tuple[ScheduledForm, ...]
    manifest: Manifest
    size: SizeCheck = UNCHECKED
    draft: bool = False


def spirit_2025() -> Guideline:
    """The 53 rows of SPIRIT 2025."""
    return read_guideline("spirit_2025")


def compose_plan(inputs: PlanInputs) -> Content:
    """The whole document.

    Raises :class:`ReportError` where words of the protocol or of a statement name block sizes.
    """
    protocol, guideline = inputs.protocol, spirit_2025()
    places = leaks_in_words(protocol)
    if places:
        raise ReportError(
            f"{places}: the words name block sizes, which a public plan must not; take them out, "
            "since the report prints [randomisation] block_sizes by itself"
        )
    tops = (
        _administration(inputs),
        _open_science(protocol),
        _introduction(protocol),
        _participants(protocol, inputs),
        _assignment(protocol),
        _analysis(protocol),
        _conduct(protocol, inputs),
    )
    sections = numbered(_with_words(tops, inputs))
    title = f"Protocol and statistical analysis plan: {protocol.trial.title}"
    randomised = any(word in title.casefold() for word in ("randomised", "randomized"))
    head = (_spirit("1a", "a protocol of a randomised trial"),) if randomised else ()
    content = Content(
        title=title,
        short_title=f"{protocol.trial.short_title}: plan",
        identity=_identity(protocol, guideline),
        synthetic="",
        warnings=(),
        sections=sections,
        checklist=fill_checklist(
            guideline, sections, head=head, not_reported=protocol.not_reported
        ),
        facts=_facts(inputs.manifest),
        draft=inputs.draft,
    )
    _refuse_block_sizes(content)
    return content


def _refuse_block_sizes(content: Content) -> None:
    """The last look at what is about to become public."""
    for block in content.all_blocks():
        for text in _texts(block):
            found = leaked(text)
            if found:
                raise ReportError(
                    f"the plan would print \N{LEFT DOUBLE QUOTATION MARK}{found}"
                    "\N{RIGHT DOUBLE QUOTATION MARK}, which names a block size; take it out of the "
                    "protocol or of the statement"
                )


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        for row in block.rows:
            yield row.head
            yield from (cell.text for cell in row.cells)
    if isinstance(block, Statement):
        yield from block.paragraphs
    runs = list(getattr(block, "runs", ()))
    runs += [run for item in getattr(block, "items", ()) for run in item]
    runs += [run for each in getattr(block, "entries", ()) for run in each.runs]
    yield "".join(run for run in runs if isinstance(run, str))


def _identity(protocol: Protocol, guideline: Guideline) -> tuple[str, ...]:
    lines = []
    if protocol.registration is not None:
        lines.append(f"Registered as {registration_number(protocol.registration)}")
    version = protocol.documents.version
    lines.append(f"Version {version}" if version else "Version not stated")
    lines.append(f"Written after {guideline.name}")
    return tuple(lines)


def _facts(manifest: Manifest) -> tuple[Fact, ...]:
    """What the document was made from; no data are among it."""
    unwanted = {"Data", "Data cut"}
    return tuple(fact for fact in manifest.facts() if fact.term not in unwanted)


def _spirit(item: str, part: str, *, lacks: str = "") -> Claim:
    return Claim(item=item, part=part, source=Source.PROTOCOL, lacks=lacks, checklist=SPIRIT)


def _section(
    anchor: str, title: str, items: tuple[str, ...], blocks: tuple[Block | None, ...]
) -> Section:
    return Section(
        anchor=anchor,
        title=title,
        items=items,
        blocks=tuple(block for block in blocks if block is not None),
    )


def _top(anchor: str, title: str, *sections: Section) -> Section:
    return Section(anchor=anchor, title=title, sections=sections)


def _with_words(sections: tuple[Section, ...], inputs: PlanInputs) -> tuple[Section, ...]:
    """The same sections, each with the author's words on its items; those without a block go.

    Words on a CONSORT item stand where the first row of SPIRIT does that borrows from it.
    """
    guideline = spirit_2025()
    wanted: dict[tuple[str, str], str] = {}
    for row in guideline.requirements:
        wanted[SPIRIT, row.number] = row.number
        for source in row.core.values():
            wanted.setdefault((CORE, source.partition(": ")[0]), row.number)
    said: dict[str, list[Block]] = {}
    for each in inputs.statements:
        place = wanted.get((each.checklist, each.item))
        if place is not None:
            own = guideline if each.checklist == SPIRIT else consort_2025()
            said.setdefault(place, []).append(_statement(each, own))
    return tuple(_with_statements(section, said) for section in sections)


def _with_statements(section: Section, said: Mapping[str, list[Block]]) -> Section:
    inner = tuple(_with_statements(each, said) for each in section.sections)
    own = tuple(block for item in section.items for block in said.get(item, ()))
    return replace(
        section,
        blocks=(*section.blocks, *own),
        sections=tuple(each for each in inner if each.blocks),
    )


def _statement(statement: AuthorStatement, guideline: Guideline) -> Block:
    """The author's own words, and the parts that they answer."""
    if statement.not_applicable:
        gap = _not_applicable(statement.item, statement.not_applicable)
        return replace(gap, checklist=guideline.code)
    claims = tuple(
        Claim(item=statement.item, part=part, source=Source.AUTHOR, checklist=guideline.code)
        for part in guideline[statement.item].author
    )
    return Statement(
        item=statement.item, paragraphs=statement.paragraphs, claims=claims, file=statement.file
    )


def _not_applicable(item: str, reason: str) -> Gap:
    return Gap(item=item, reason=GapKind.NOT_APPLICABLE, title="Not applicable", text=reason)


def _administration(inputs: PlanInputs) -> Section:
    protocol = inputs.protocol
    version = protocol.documents.version
    identifier = inputs.manifest.protocol.sha256[:12]
    written = f"Version {version}. " if version else ""
    claims = (
        _spirit("2", "identifier"),
        *((_spirit("2", "date"),) if any(sign.isdigit() for sign in version) else ()),
    )
    summary = Definitions(
        entries=(
            Definition(term="Design", runs=(design_sentence(protocol),)),
            Definition(term="Outcomes", runs=(_outcomes_in_words(protocol),)),
            Definition(term="Analysis", runs=(_primary_in_words(protocol),)),
        ),
        claims=(_spirit("1b", "design and methods"),),
    )
    return _top(
        "administration",
        "Administrative information",
        _section("summary", "Summary", ("1a", "1b"), (summary,)),
        _section(
            "version",
            "Version",
            ("2",),
            (
                Paragraph(
                    runs=(
                        f"{written}The protocol file has the SHA-256 {identifier}\N{HORIZONTAL ELLIPSIS}",
                    ),
                    claims=claims,
                ),
            ),
        ),
        _section(
            "roles",
            "Roles",
            ("3a", "3b", "3c", "3d"),
            (said("5a", "role of the funder", protocol.funding.role, head="Role of the funder"),),
        ),
    )


def _of_the_text(table: Table | None) -> Table | None:
    """A table that is supplementary in a report stands in the text of a plan."""
    return None if table is None else replace(table, supplementary=False)


def _outcomes_in_words(protocol: Protocol) -> str:
    primary = [each.label for each in protocol.outcomes if each.role.value == "primary"]
    others = len(protocol.outcomes) - len(primary)
    rest = (
        f" There {'is' if others == 1 else 'are'} {counted(others, 'other outcome')}."
        if others
        else ""
    )
    return f"Primary: {listing(primary)}.{rest}"


def _primary_in_words(protocol: Protocol) -> str:
    parts = [
        f"{protocol.outcome(code).label}: {short_name(each.specification, protocol)}"
        for each in protocol.plan.analyses
        if each.role is AnalysisRole.PRIMARY
        for code in each.outcomes
    ]
    return f"{'; '.join(parts)}."


def _open_science(protocol: Protocol) -> Section:
    documents, funding = protocol.documents, protocol.funding
    return _top(
        "open-science",
        "Open science",
        _section("registration", "Registration", ("4",), _registration(protocol)),
        _section(
            "documents",
            "Protocol, analysis plan and data",
            ("5", "6"),
            (
                said("3", "protocol", documents.protocol, head="Protocol"),
                said(
                    "3",
                    "statistical analysis plan",
                    documents.analysis_plan,
                    head="Statistical analysis plan",
                ),
                said("4", "data sharing", documents.data_sharing, head="Data sharing"),
            ),
        ),
        _section(
            "funding",
            "Funding, interests and dissemination",
            ("7a", "7b", "8"),
            (said("5a", "sources", funding.source, head="Funding"),),
        ),
    )


def _registration(protocol: Protocol) -> tuple[Block | None, ...]:
    record = protocol.registration
    if record is None:
        return ()
    claims = tuple(
        Claim(item="2", part=part, source=Source.PROTOCOL)
        for part in ("registry and number", "date of registration")
    )
    where = f" ({record.url})" if record.url else ""
    text = f"{registration_number(record)}{where}, registered on {day(record.date)}."
    return (Paragraph(runs=(text,), claims=claims),)


def _introduction(protocol: Protocol) -> Section:
    objectives = protocol.objectives
    return _top(
        "introduction",
        "Introduction",
        _section(
            "background",
            "Background and comparator",
            ("9a", "9b"),
            (),
        ),
        _section(
            "objectives",
            "Objectives",
            ("10",),
            (
                listed("7", "benefits", objectives.benefits, head="Benefits"),
                listed("7", "harms", objectives.harms, head="Harms"),
            ),
        ),
    )


def _participants(protocol: Protocol, inputs: PlanInputs) -> Section:
    eligibility = protocol.eligibility
    design = tuple(
        Claim(item="9", part=part, source=Source.PROTOCOL)
        for part in ("type", "allocation ratio", "framework")
    )
    sites = listing([site.label for site in protocol.sites]) if protocol.sites else ""
    return _top(
        "participants",
        "Participants, interventions and outcomes",
        _section("involvement", "Patient and public involvement", ("11",), ()),
        _section(
            "design",
            "Trial design",
            ("12",),
            (Paragraph(runs=(design_sentence(protocol),), claims=design),),
        ),
        _section(
            "setting",
            "Setting",
            ("13",),
            (
                said("11", "setting", protocol.trial.setting),
                said("11", "places", sites, head="Sites"),
            ),
        ),
        _section(
            "eligibility",
            "Eligibility",
            ("14a", "14b"),
            (
                listed("12a", "inclusion criteria", eligibility.inclusion, head="Inclusion"),
                listed("12a", "exclusion criteria", eligibility.exclusion, head="Exclusion"),
                said("12b", "sites and providers", eligibility.providers, head="Providers"),
            ),
        ),
        _section(
            "interventions",
            "Interventions",
            ("15a", "15b", "15c", "15d"),
            (
                *interventions(protocol),
                _adherence(protocol),
            ),
        ),
        _section("outcomes", "Outcomes", ("16",), (_of_the_text(outcome_definitions(protocol)),)),
        _section(
            "harms",
            "Harms",
            ("17",),
            (
                said("15", "definition", protocol.harms.definition, head="Definition"),
                said("15", "assessment", protocol.harms.assessment, head="Assessment"),
            ),
        ),
        _section("timeline", "Participant timeline", ("18",), (_timeline(protocol, inputs),)),
        _section(
            "sample-size",
            "Sample size and recruitment",
            ("19", "20"),
            _sample_size(protocol, inputs.size),
        ),
    )


def _adherence(protocol: Protocol) -> Block | None:
    told = [
        f"{arm.label}: {sentence(arm.intervention.adherence)}"
        for arm in protocol.arms
        if arm.intervention is not None and is_said(arm.intervention.adherence)
    ]
    if not told:
        return None
    return Paragraph(runs=(f"Adherence. {' '.join(told)}",), claims=(_spirit("15c", "adherence"),))


def _timeline(protocol: Protocol, inputs: PlanInputs) -> Table:
    """Each visit with its day, its window and the forms that are filled in at it."""
    claims = (_spirit("18", "visits and assessments"),) if inputs.forms else ()
    also = (_spirit("25a", "forms and visits"),) if inputs.forms else ()
    rows = tuple(_visit_row(visit, inputs.forms) for visit in protocol.visits)
    events = [each.label for each in inputs.forms if not each.visits]
    notes = (f"Whenever it happens, or once a participant: {listing(events)}.",) if events else ()
    return Table(
        anchor="table-timeline",
        caption="Visits and assessments; days are counted from randomisation, which is day 0",
        stub="Visit",
        heads=tuple(ColumnHead(text=text, words=True) for text in ("Day", "Window", "Assessments")),
        groups=(RowGroup(head="", rows=rows),),
        notes=notes,
        shown_as_data=False,
        claims=(*claims, *also),
    )


def _visit_row(visit: Visit, forms: tuple[ScheduledForm, ...]) -> Row:
    window = visit.window
    first, last = visit.target_day - window.early, visit.target_day + window.late
    asked = [form.label for form in forms if visit.code in form.visits]
    texts = (
        str(visit.target_day).replace("-", "\N{MINUS SIGN}"),
        f"{first} to {last}".replace("-", "\N{MINUS SIGN}"),
        ", ".join(asked) or "\N{EM DASH}",
    )
    return Row(head=visit.label, cells=tuple(Cell(text=text, words=True) for text in texts))


def _sample_size(protocol: Protocol, check: SizeCheck) -> tuple[Block | None, ...]:
    size = protocol.sample_size
    if size is None:
        return ()
    number = f"{size.planned} participants will be randomised."
    blocks: list[Block | None] = [
        Paragraph(runs=(number,), claims=(_spirit("19", "planned number"),))
    ]
    how = "how it was determined"
    if is_said(size.justification):
        text = sentence(size.justification)
        blocks.append(Paragraph(runs=(text,), claims=(_spirit("19", how),)))
    mismatch = check.mismatch
    if check.recomputed or mismatch:
        words = f"Recomputed from its assumptions: {check.recomputed}" if check.recomputed else ""
        text = f"{words} {f'Mismatch: {mismatch}.' if mismatch else ''}".strip()
        blocks.append(Paragraph(runs=(text,), claims=(_spirit("19", how, lacks=mismatch),)))
    return tuple(blocks)


def _assignment(protocol: Protocol) -> Section:
    randomisation = protocol.randomisation
    return _top(
        "assignment",
        "Assignment of interventions",
        _section(
            "randomisation",
            "Randomisation",
            ("21a", "21b", "22", "23"),
            (
                said("17a", "who and how", randomisation.sequence, head="Sequence"),
                _restriction(protocol),
                said("18", "mechanism", randomisation.concealment, head="Concealment"),
                said(
                    "19",
                    "access to the sequence",
                    randomisation.implementation,
                    head="Implementation",
                ),
            ),
        ),
        _section(
            "blinding",
            "Blinding",
            ("24a", "24b", "24c"),
            (*_blinding(protocol),),
        ),
    )


def _restriction(protocol: Protocol) -> Block | None:
    """The type and the strata; how long blocks are stands in no public document."""
    randomisation = protocol.randomisation
    kind = randomisation.type
    if kind is RandomisationType.NOT_REPORTED:
        return None
    strata = (
        f"{', on' if kind is RandomisationType.MINIMISATION else ', stratified by'} "
        f"{listing(randomisation.strata)}"
        if randomisation.strata
        else ""
    )
    secret = (
        " The length of the blocks is no part of this document: it is kept from those who enrol "
        "and those who assign participants."
        if kind in _IN_BLOCKS
        else ""
    )
    needs = kind in {RandomisationType.STRATIFIED_BLOCKS, RandomisationType.MINIMISATION}
    lacks = "factors not stated" if needs and not strata else ""
    return Paragraph(
        runs=(f"Randomisation is {_KINDS[kind]}{strata}.{secret}",),
        claims=(_spirit("21b", "type and strata", lacks=lacks),),
    )


def _blinding(protocol: Protocol) -> tuple[Block | None, ...]:
    blinding = protocol.blinding
    flags = {
        "participants": blinding.participants,
        "providers": blinding.providers,
        "outcome assessors": blinding.assessors,
        "analysts": blinding.analysts,
    }
    groups = {
        flag: [who for who, own in flags.items() if own is flag]
        for flag in (Blinded.YES, Blinded.NO, Blinded.NOT_REPORTED)
    }
    if len(groups[Blinded.NOT_REPORTED]) == len(flags):
        return ()
    heads = {
        Blinded.YES: "Blinded to the allocation",
        Blinded.NO: "Not blinded",
        Blinded.NOT_REPORTED: "Not decided",
    }
    words = " ".join(f"{heads[flag]}: {listing(who)}." for flag, who in groups.items() if who)
    unknown = groups[Blinded.NOT_REPORTED]
    lacks = f"not decided for {listing(unknown)}" if unknown else ""
    flagged = says("20a", "all four roles", words, source=Source.PROTOCOL, lacks=lacks)
    how: Block | None = said("20b", "how", blinding.how, head="How")
    if how is None and not groups[Blinded.YES] and not unknown:
        how = _not_applicable("20b", "Nobody is blinded.")
    return (flagged, how)


def _analysis(protocol: Protocol) -> Section:
    outcomes = Claim(item="21a", part="outcomes", source=Source.PROTOCOL)
    account = Account(protocol=protocol)
    definitions = Definitions(entries=tuple(analysis_definitions(account)), claims=(outcomes,))
    overall = f"{general_sentences(account)} {multiplicity_sentences(account)}"
    return _top(
        "analysis-plan",
        "Statistical analysis plan",
        _section("estimands", "Estimands", (), (_of_the_text(estimands_table(protocol)),)),
        _section("populations", "Populations", ("27b",), (_populations(protocol),)),
        _section(
            "analyses",
            "Analyses",
            ("27a",),
            (
                Paragraph(runs=(overall,)),
                definitions,
                says("21a", "harms", harms_sentences(protocol), source=Source.PROTOCOL),
            ),
        ),
        _section(
            "missing-data",
            "Missing data",
            ("27c",),
            (
                says(
                    "21c",
                    "handling",
                    missing_data_sentences(account),
                    source=Source.PROTOCOL,
                ),
            ),
        ),
        _section("additional", "Additional analyses", ("27d",), (_additional(protocol),)),
        _section(
            "interim",
            "Interim analyses and monitoring",
            ("28a", "28b", "29"),
            (_interim(protocol),),
        ),
    )


def _populations(protocol: Protocol) -> Block:
    items = tuple(
        (
            (
                f"{each.label}: {sentence(each.definition)} Participants are grouped as "
                f"{each.group_by.value}."
            ),
        )
        for each in protocol.populations
    )
    more: tuple[tuple[Run, ...], ...] = (
        (("The estimands that they serve are in ", Reference(anchor="table-estimands"), "."),)
        if protocol.estimands
        else ()
    )
    return Bullets(items=(*items, *more), claims=(_spirit("27b", "populations"),))


def _additional(protocol: Protocol) -> Block:
    main = {AnalysisRole.PRIMARY, AnalysisRole.SECONDARY}
    others = [each for each in protocol.plan.analyses if each.role not in main]
    after = sum(each.role is AnalysisRole.POST_HOC for each in others)
    if others:
        text = f"Of the analyses above, {counted(len(others), 'is additional', 'are additional')}."
        text += f" Added after the start of the trial: {after}." if after else ""
    else:
        text = "No sensitivity, subgroup or other additional analysis is planned."
    return says("21d", "additional analyses", text, source=Source.PROTOCOL)


def _interim(protocol: Protocol) -> Block | None:
    interim = protocol.interim
    if interim is None:
        return None
    if not interim.planned:
        text = "No interim analysis and no rule for stopping is planned."
        return says("16b", "interim analyses", text, source=Source.PROTOCOL)
    lacks = "" if interim.rule.strip() else "the rule is not stated"
    text = sentence(f"Interim analyses are planned. {interim.rule}")
    return says("16b", "interim analyses", text, source=Source.PROTOCOL, lacks=lacks)


def _conduct(protocol: Protocol, inputs: PlanInputs) -> Section:
    ethics = protocol.trial.ethics
    checks = (
        "Every value is checked against its form: type, range, choices, required items, visit "
        "windows and the rules between items; each problem is a finding with a query."
    )
    numbers = ("30", "31", "32a", "32b", "33", "34")
    return _top(
        "conduct",
        "Data and ethics",
        _section(
            "data",
            "Data",
            ("25a", "25b", "26"),
            (
                Paragraph(runs=(checks,), claims=(_spirit("26", "checks"),))
                if inputs.forms
                else None,
            ),
        ),
        _section(
            "ethics",
            "Ethics",
            numbers,
            (
                Paragraph(
                    runs=(f"Ethics: {sentence(ethics)}",), claims=(_spirit("30", "approval"),)
                )
                if is_said(ethics)
                else None,
            ),
        ),
    )
