"""Abstract, open science and introduction."""

from dataclasses import replace

from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.conduct import Blinded, RandomisationType
from trialkit.protocol.trial.kinds import Reporter
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, Source
from trialkit.report.content.content import Block, Section
from trialkit.report.content.text import Definition, Definitions, Paragraph, Run, WebAddress
from trialkit.report.guidelines.answers import Answers, listed, said
from trialkit.report.guidelines.checklist import CORE
from trialkit.report.numbers.numbers import NO_BREAK, day
from trialkit.report.sections.results_text import (
    flow_number,
    harms_result,
    primary_headlines,
    primary_result,
)
from trialkit.report.words.en.dates import TrialDates, registration_number, registration_timing
from trialkit.report.words.en.wording import capitalised, is_said, listing, number_word, sentence
from trialkit.report.words.languages import short_name
from trialkit.results.flow import Stage
from trialkit.results.lookup import ResultIndex, Shelf

_RANDOMISED = ("randomised", "randomized")
_WITH_MARGIN = ("non-inferiority", "noninferiority", "equivalence")
_FOLLOWED = ("https://", "http://")


def abstract(
    protocol: Protocol, index: ResultIndex, dates: TrialDates, answers: Answers
) -> Section:
    """A structured summary with the primary result put in; its conclusions are the author's."""
    found = primary_headlines(protocol, index)
    results: list[Run] = []
    for each in found:
        results += [*primary_result(each), " "]
    entries = [
        *_said("Objective", _objective(protocol)),
        Definition(term="Design", runs=(design_sentence(protocol),)),
        *_said("Randomisation", _randomisation(protocol)),
        *_said("Blinding", _blinding(protocol)),
        *_said("Setting", protocol.trial.setting if is_said(protocol.trial.setting) else ""),
        Definition(term="Participants", runs=_participants(protocol, index)),
        Definition(term="Interventions", runs=(_interventions(protocol),)),
        Definition(term="Methods", runs=(_methods(protocol),)),
        *_said("Recruitment", _recruitment(dates)),
        *((Definition(term="Results", runs=tuple(results)),) if results else ()),
    ]
    if Shelf.HARMS in index:
        entries.append(Definition(term="Harms", runs=harms_result(protocol, index)))
    if protocol.registration is not None:
        text = f"{registration_number(protocol.registration)}."
        entries.append(Definition(term="Registration", runs=(text,)))
    source = protocol.funding.source
    entries += _said("Funding", sentence(source) if is_said(source) else "")
    parts = ["design", "methods", *(["results"] if found else [])]
    claims = (
        *(Claim(item="1b", part=part, source=Source.DATA) for part in parts),
        *_abstract_claims(protocol, entries, has_result=bool(found)),
    )
    block = Definitions(entries=tuple(entries), claims=claims)
    titled = tuple(claim.part for claim in title_claims(protocol) if claim.checklist == CORE)
    return Section(
        anchor="abstract",
        title="Abstract",
        items=("1a", "1b"),
        blocks=(*answers.to("1a", elsewhere=titled), *answers.to("1b", block)),
    )


def _said(term: str, text: str) -> tuple[Definition, ...]:
    """An entry of the abstract, none where there is nothing to say."""
    return (Definition(term=term, runs=(text,)),) if text.strip() else ()


def _objective(protocol: Protocol) -> str:
    first = [each for each in protocol.objectives.benefits if is_said(each)][:1]
    return sentence(first[0]) if first else ""


def _blinding(protocol: Protocol) -> str:
    """Who was blinded and who was not; nothing where the protocol leaves one of them open."""
    blinding = protocol.blinding
    roles = {
        "participants": blinding.participants,
        "providers": blinding.providers,
        "outcome assessors": blinding.assessors,
        "analysts": blinding.analysts,
    }
    if Blinded.NOT_REPORTED in roles.values():
        return ""
    sentences = []
    for flag, words in ((Blinded.YES, "Blinded"), (Blinded.NO, "Not blinded")):
        who = [role for role, own in roles.items() if own is flag]
        if who:
            sentences.append(f"{words}: {listing(who)}.")
    return " ".join(sentences)


def _randomisation(protocol: Protocol) -> str:
    kind = protocol.randomisation.type
    return "" if kind is RandomisationType.NOT_REPORTED else f"{capitalised(kind.value)}."


def _recruitment(dates: TrialDates) -> str:
    first, last = dates.first_randomised, dates.last_randomised
    if first is None or last is None:
        return ""
    return f"Participants were randomised from {day(first)} to {day(last)}."


def title_claims(protocol: Protocol) -> tuple[Claim, ...]:
    """What the title itself answers: that the trial is randomised, when it says so."""
    words = protocol.trial.title.casefold()
    claims = []
    if any(word in words for word in _RANDOMISED):
        claims.append(Claim(item="1a", part="randomised in the title", source=Source.PROTOCOL))
    if any(word in words for word in _WITH_MARGIN):
        part = "named in the title"
        claims.append(Claim(item="1a", part=part, source=Source.PROTOCOL, checklist="margins"))
    return tuple(claims)


def _abstract_claims(
    protocol: Protocol, entries: list[Definition], *, has_result: bool
) -> tuple[Claim, ...]:
    """What the abstract answers of CONSORT for abstracts and CONSORT PRO, by what it prints."""
    said = {each.term for each in entries if any(each.runs)}
    answered = {
        "objective": ("objective", "Objective" in said),
        "interventions": ("interventions", "Interventions" in said),
        "blinding": ("blinding", "Blinding" in said),
        "funding": ("source", "Funding" in said),
        "outcome": ("primary outcome", "Methods" in said),
        "randomisation": ("allocation", "Design" in said),
        "numbers-randomised": ("each group", "Participants" in said),
        "numbers-analysed": ("each group", has_result),
        "harms": ("harms", "Harms" in said),
        "registration": ("registry and number", "Registration" in said),
    }
    claims = [
        Claim(item=item, part=part, source=Source.DATA, checklist="abstracts")
        for item, (part, printed) in answered.items()
        if printed
    ]
    primary = [each for each in protocol.outcomes if each.role is OutcomeRole.PRIMARY]
    if "Methods" in said and any(each.reported_by is Reporter.PARTICIPANT for each in primary):
        part = "named in the abstract"
        claims.append(Claim(item="P1b", part=part, source=Source.PROTOCOL, checklist="pro"))
    return tuple(claims)


def open_science(protocol: Protocol, dates: TrialDates, answers: Answers) -> Section:
    """Registration, documents, data, funding and interests."""
    documents, funding = protocol.documents, protocol.funding
    return Section(
        anchor="open-science",
        title="Open science",
        sections=(
            Section(
                anchor="registration",
                title="Registration",
                items=("2",),
                blocks=answers.to("2", *_registration(protocol, dates)),
            ),
            Section(
                anchor="protocol-and-plan",
                title="Protocol and statistical analysis plan",
                items=("3",),
                blocks=answers.to(
                    "3",
                    said("3", "protocol", documents.protocol, head="Protocol"),
                    said(
                        "3",
                        "statistical analysis plan",
                        documents.analysis_plan,
                        head="Statistical analysis plan",
                    ),
                ),
            ),
            Section(
                anchor="data-sharing",
                title="Data sharing",
                items=("4",),
                blocks=answers.to("4", said("4", "data sharing", documents.data_sharing)),
            ),
            Section(
                anchor="funding",
                title="Funding and interests",
                items=("5a", "5b"),
                blocks=(
                    *answers.to(
                        "5a",
                        said("5a", "sources", funding.source, head="Funding"),
                        said("5a", "role of the funder", funding.role, head="Role of the funder"),
                    ),
                    *answers.to("5b"),
                ),
            ),
        ),
    )


def introduction(protocol: Protocol, answers: Answers) -> Section:
    """Background and objectives."""
    objectives = protocol.objectives
    return Section(
        anchor="introduction",
        title="Introduction",
        sections=(
            Section(
                anchor="background",
                title="Background and rationale",
                items=("6",),
                blocks=answers.to("6"),
            ),
            Section(
                anchor="objectives",
                title="Objectives",
                items=("7",),
                blocks=answers.to(
                    "7",
                    listed("7", "benefits", objectives.benefits, head="Benefits"),
                    listed("7", "harms", objectives.harms, head="Harms"),
                ),
            ),
        ),
    )


def design_sentence(protocol: Protocol) -> str:
    """Type, framework, arms and ratio in a sentence."""
    arms = protocol.arms
    ratio = ":".join(str(arm.ratio) for arm in arms)
    labels = listing([arm.label for arm in arms])
    framework = protocol.trial.framework.value
    article = "an" if framework[0] in "aeiou" else "a"
    return (
        f"This is {article} {framework} randomised trial with {number_word(len(arms))} parallel "
        f"groups, allocated {ratio} ({labels})."
    )


def _registration(protocol: Protocol, dates: TrialDates) -> tuple[Block, ...]:
    registration = protocol.registration
    if registration is None:
        return ()
    runs: list[Run] = [registration_number(registration)]
    if registration.url:
        safe = registration.url.startswith(_FOLLOWED)
        runs += [" (", WebAddress(url=registration.url) if safe else registration.url, ")"]
    runs.append(f", registered on {day(registration.date)}.")
    claims = tuple(
        Claim(item="2", part=part, source=Source.PROTOCOL)
        for part in ("registry and number", "date of registration")
    )
    return (
        Paragraph(runs=tuple(runs), claims=claims),
        Paragraph(runs=(registration_timing(registration, dates),)),
    )


def _participants(protocol: Protocol, index: ResultIndex) -> tuple[Run, ...]:
    runs: list[Run] = [
        flow_number(index, Stage.RANDOMISED),
        " participants were randomised: ",
    ]
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
    names = []
    for arm in protocol.arms:
        intervention = arm.intervention
        sessions = intervention.sessions if intervention is not None else None
        dose = f" ({sessions} sessions planned)" if sessions else ""
        names.append(f"{arm.label}{dose}")
    return f"{'; '.join(names)}. The reference arm is {protocol.reference.label}."


def _methods(protocol: Protocol) -> str:
    """The primary outcome, its time point and its analysis."""
    parts = []
    for analysis in protocol.plan.analyses:
        if analysis.role is AnalysisRole.PRIMARY:
            for code in analysis.outcomes:
                outcome = protocol.outcome(code)
                when = protocol.visit(outcome.time_point).label
                parts.append(
                    f"Primary outcome: {outcome.label}, {outcome.metric}, "
                    f"{when[:1].lower()}{when[1:]}. Primary analysis: "
                    f"{short_name(analysis.specification, protocol)}."
                )
    return " ".join(parts)
