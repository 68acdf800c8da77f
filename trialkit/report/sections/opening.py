"""Abstract, open science and introduction."""

from collections.abc import Mapping
from dataclasses import replace

from trialkit.protocol.compared import compared
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.conduct import Blinded, RandomisationType
from trialkit.protocol.trial.kinds import Reporter
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Section
from trialkit.report.content.text import Definition, Definitions, Paragraph, Run
from trialkit.report.guidelines.answers import Answers, said
from trialkit.report.guidelines.checklist import CORE
from trialkit.report.marks.reading import protocol_runs
from trialkit.report.numbers.numbers import NO_BREAK
from trialkit.report.sections.conduct import blinded_roles
from trialkit.report.sections.results_text import (
    flow_number,
    noun_of,
    primary_headlines,
    primary_result,
)
from trialkit.report.sections.trial import (
    design_sentence,
    documents,
    funder,
    funding,
    objectives,
    registration,
    title_claims,
)
from trialkit.report.words.en.abstract_terms import AbstractTerm
from trialkit.report.words.en.dates import (
    TrialDates,
    on_days,
    registration_number,
    registration_timing,
)
from trialkit.report.words.en.sentences.harms import harms_result, lacks_of_harms
from trialkit.report.words.en.unsaid import is_said
from trialkit.report.words.en.wording import capitalised, listing, lowered, sentence
from trialkit.report.words.languages import short_name
from trialkit.results.flow import Stage
from trialkit.results.harms import EventFact
from trialkit.results.lookup import ResultIndex, Shelf


def abstract(
    protocol: Protocol, index: ResultIndex, dates: TrialDates, answers: Answers
) -> Section:
    """A structured summary with the primary result put in; its conclusions are the author's."""
    written = protocol.as_written
    found = primary_headlines(protocol, index)
    results: list[Run] = []
    for each in found:
        results += [*primary_result(each), " "]
    entries = [
        *_said(AbstractTerm.OBJECTIVE, _objective(protocol)),
        Definition(term=AbstractTerm.DESIGN, runs=(design_sentence(written),)),
        *_said(AbstractTerm.RANDOMISATION, _randomisation(protocol)),
        *_said(AbstractTerm.BLINDING, _blinding(protocol)),
        *_said(
            AbstractTerm.SETTING, protocol.trial.setting if is_said(protocol.trial.setting) else ""
        ),
        Definition(term=AbstractTerm.PARTICIPANTS, runs=_participants(protocol, index)),
        Definition(term=AbstractTerm.INTERVENTIONS, runs=(_interventions(written),)),
        Definition(term=AbstractTerm.METHODS, runs=(_methods(written),)),
        *_said(AbstractTerm.RECRUITMENT, _recruitment(dates)),
        *((Definition(term=AbstractTerm.RESULTS, runs=tuple(results)),) if results else ()),
    ]
    if Shelf.HARMS in index:
        entries.append(Definition(term=AbstractTerm.HARMS, runs=harms_result(protocol, index)))
    lacks = {"harms": lacks_of_harms(protocol, index, facts=(EventFact.SERIOUS,))}
    if protocol.registration is not None:
        text = f"{registration_number(protocol.registration)}."
        entries.append(Definition(term=AbstractTerm.REGISTRATION, runs=(text,)))
    source = protocol.funding.source
    entries += _said(
        AbstractTerm.FUNDING, sentence(source) if is_said(source, none_answers=True) else ""
    )
    answered = any(each.lacking is None for each in found)
    parts = ["design", "methods", *(["results"] if answered else [])]
    claims = (
        *(Claim(item="1b", part=part, source=ClaimSource.DATA) for part in parts),
        *_abstract_claims(protocol, entries, has_result=answered, lacks=lacks),
    )
    block = Definitions(entries=tuple(entries), claims=claims)
    titled = tuple(claim.part for claim in title_claims(protocol) if claim.checklist == CORE)
    return Section(
        anchor="abstract",
        title="Abstract",
        items=("1a", "1b"),
        blocks=(*answers.to("1a", elsewhere=titled), *answers.to("1b", block)),
    )


def _said(term: AbstractTerm, text: str) -> tuple[Definition, ...]:
    """An entry of the abstract, none where there is nothing to say."""
    return (Definition(term=term, runs=protocol_runs(text)),) if text.strip() else ()


def _objective(protocol: Protocol) -> str:
    first = [each for each in protocol.objectives.benefits if is_said(each)][:1]
    return sentence(first[0]) if first else ""


def _blinding(protocol: Protocol) -> str:
    """Who was blinded and who was not; nothing where the protocol leaves one of them open."""
    roles = blinded_roles(protocol)
    if roles[Blinded.NOT_REPORTED]:
        return ""
    words = ((Blinded.YES, "Blinded"), (Blinded.NO, "Not blinded"))
    return " ".join(f"{own}: {listing(roles[flag])}." for flag, own in words if roles[flag])


def _randomisation(protocol: Protocol) -> str:
    kind = protocol.randomisation.type
    return "" if kind is RandomisationType.NOT_REPORTED else f"{capitalised(kind.value)}."


def _recruitment(dates: TrialDates) -> str:
    first, last = dates.first_randomised, dates.last_randomised
    if first is None or last is None:
        return ""
    return f"Participants were randomised {on_days(first, last)}."


def _abstract_claims(
    protocol: Protocol,
    entries: list[Definition],
    *,
    has_result: bool,
    lacks: Mapping[str, str],
) -> tuple[Claim, ...]:
    """What the abstract answers of CONSORT for abstracts and CONSORT PRO, by what it prints."""
    said = {each.term for each in entries if any(each.runs)}
    words, fields, data = ClaimSource.WORDS, ClaimSource.PROTOCOL, ClaimSource.DATA
    by_arm = AbstractTerm.PARTICIPANTS in said and not protocol.is_pooled
    answered = {
        "objective": ("objective", words, AbstractTerm.OBJECTIVE in said),
        "participants": ("settings", words, AbstractTerm.SETTING in said),
        "interventions": ("interventions", words, AbstractTerm.INTERVENTIONS in said),
        "blinding": ("blinding", fields, AbstractTerm.BLINDING in said),
        "funding": ("source", words, AbstractTerm.FUNDING in said),
        "outcome": ("primary outcome", fields, AbstractTerm.METHODS in said),
        "randomisation": ("allocation", fields, AbstractTerm.DESIGN in said),
        "numbers-randomised": ("each group", data, by_arm),
        "numbers-analysed": ("each group", data, has_result),
        "harms": ("harms", data, AbstractTerm.HARMS in said),
        "registration": ("registry and number", fields, AbstractTerm.REGISTRATION in said),
    }
    claims = [
        Claim(
            item=item,
            part=part,
            source=source,
            checklist="abstracts",
            lacks=lacks.get(item, ""),
        )
        for item, (part, source, printed) in answered.items()
        if printed
    ]
    if "Harms" in said:
        of_harms = Claim(item="1b", part="harms", source=data, checklist="harms")
        claims.append(replace(of_harms, lacks=lacks.get("harms", "")))
    primary = [each for each in protocol.outcomes if each.role is OutcomeRole.PRIMARY]
    if AbstractTerm.METHODS in said and any(
        each.reported_by is Reporter.PARTICIPANT for each in primary
    ):
        part = "named in the abstract"
        claims.append(Claim(item="P1b", part=part, source=ClaimSource.PROTOCOL, checklist="pro"))
    return tuple(claims)


def open_science(protocol: Protocol, dates: TrialDates, answers: Answers) -> Section:
    """Registration, documents, data, funding and interests."""
    record, sharing = protocol.registration, protocol.documents.data_sharing
    timing = (Paragraph(runs=(registration_timing(record, dates),)),) if record else ()
    paid = {"5a": (funding(protocol), funder(protocol)), "5b": ()}
    return Section(
        anchor="open-science",
        title="Open science",
        sections=(
            answers.section(
                "registration", "Registration", {"2": (*registration(protocol), *timing)}
            ),
            answers.section(
                "protocol-and-plan",
                "Protocol and statistical analysis plan",
                {"3": documents(protocol)},
            ),
            answers.section(
                "data-sharing", "Data sharing", {"4": (said("4", "data sharing", sharing),)}
            ),
            answers.section("funding", "Funding and interests", paid),
        ),
    )


def introduction(protocol: Protocol, answers: Answers) -> Section:
    """Background and objectives."""
    return Section(
        anchor="introduction",
        title="Introduction",
        sections=(
            answers.section("background", "Background and rationale", {"6": ()}),
            answers.section("objectives", "Objectives", {"7": objectives(protocol)}),
        ),
    )


def _participants(protocol: Protocol, index: ResultIndex) -> tuple[Run, ...]:
    randomised = flow_number(index, Stage.RANDOMISED)
    who = noun_of(randomised, "participant was", "participants were")
    if protocol.is_pooled:
        return randomised, f" {who} randomised."
    runs: list[Run] = [randomised, f" {who} randomised: "]
    for position, arm in enumerate(protocol.arms):
        lead = "; " if position else ""
        size = flow_number(index, Stage.ALLOCATED, arm=arm.code)
        runs += [
            f"{lead}{arm.label} (",
            replace(size, text=f"n{NO_BREAK}={NO_BREAK}{size.text}"),
            ")",
        ]
    return (*runs, ".")


def _interventions(protocol: Protocol) -> str:
    protocol = compared(protocol)
    names = []
    for arm in protocol.arms:
        intervention = arm.intervention
        sessions = intervention.sessions if intervention is not None else None
        dose = f" ({sessions} sessions planned)" if sessions else ""
        names.append(f"{arm.label}{dose}")
    what = "treatment" if protocol.is_crossover else "arm"
    return f"{'; '.join(names)}. The reference {what} is {protocol.reference.label}."


def _methods(protocol: Protocol) -> str:
    """The primary outcome, its time point and its analysis."""
    parts = []
    for analysis in protocol.plan.analyses:
        if analysis.role is AnalysisRole.PRIMARY:
            for code in analysis.outcomes:
                outcome = protocol.analysed(analysis, code)
                when = lowered(protocol.visit(outcome.time_point).label)
                parts.append(
                    f"Primary outcome: {outcome.label}, {outcome.metric}, "
                    f"{when}. Primary analysis: "
                    f"{short_name(analysis.specification, protocol)}."
                )
    return " ".join(parts)
