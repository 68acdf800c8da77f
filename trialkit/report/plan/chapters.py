"""The chapters of the plan: what SPIRIT asks for, in the sections that a report has too, to come."""

from dataclasses import replace
from itertools import chain
from typing import TypeAlias

from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.conduct import Blinded
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Block, Section
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Definition, Definitions, Paragraph
from trialkit.report.guidelines.answers import (
    SPIRIT,
    Told,
    in_words,
    not_applicable,
    planning,
    said,
)
from trialkit.report.plan.data_set import data_set_table
from trialkit.report.plan.front import contributors, sponsor, version
from trialkit.report.plan.schedule import ScheduledForm
from trialkit.report.plan.schedule_table import schedule_blocks
from trialkit.report.plan.statements import spirit_2025
from trialkit.report.sections.conduct import (
    blinded_roles,
    blinding,
    interim,
    randomisation,
    sample_size,
)
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
    objectives,
    other_outcomes,
    primary_outcomes,
    registration,
    setting,
)
from trialkit.report.tables.definitions import estimands_table, outcome_definitions
from trialkit.report.tables.intercurrent import recorded_events_table
from trialkit.report.words.en.unsaid import is_said
from trialkit.report.words.en.wording import capitalised, counted, listing, sentence
from trialkit.report.words.language.account import Account
from trialkit.report.words.language.tense import Tense
from trialkit.report.words.languages import short_name
from trialkit.results.size_check import SizeCheck

_CHECKS = (
    "Every value is checked against its form: type, range, choices, required items, visit "
    "windows and the rules between items; each problem is a finding with a query."
)

_NAMES = {"sd": "SD", "alpha": "Level (alpha)", "icc": "ICC", "sides": "Sides of the test"}
"""What keys of ``[sample_size]`` are called that are no words."""

Part: TypeAlias = tuple[str, str, str, tuple[Block | None, ...]]
"""A section: its anchor, its title, the rows of SPIRIT that belong there, and its blocks."""


def _chapter(anchor: str, title: str, *parts: Part) -> Section:
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


def administration(protocol: Protocol, *, sha256: str) -> Section:
    """What the trial is in short, which version this is, and who answers for it."""
    return _chapter(
        "administration",
        "Administrative information",
        ("summary", "Summary", "1a 1b", (_summary(protocol), data_set_table(protocol))),
        ("version", "Version and amendments", "2", version(protocol, sha256)),
        ("contributors", "Contributors", "3a", (contributors(protocol),)),
        ("sponsor", "Sponsor and funders", "3b 3c", (*sponsor(protocol), funder(protocol))),
        ("oversight", "Committees and oversight", "3d", ()),
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


def open_science(protocol: Protocol) -> Section:
    """Registration, documents and data, money and interests, and who will be told the results."""
    sharing = said("4", "data sharing", protocol.documents.data_sharing, head="Data sharing")
    public = "Protocol, analysis plan and data"
    return _chapter(
        "open-science",
        "Open science",
        ("registration", "Registration", "4", registration(protocol)),
        ("documents", public, "5 6", (*documents(protocol), sharing)),
        ("funding", "Funding and interests", "7a 7b", (funding(protocol),)),
        ("dissemination", "Dissemination", "8", ()),
    )


def introduction(protocol: Protocol) -> Section:
    """Why the trial is done, and what it asks."""
    return _chapter(
        "introduction",
        "Introduction",
        ("background", "Background and comparator", "9a 9b", ()),
        ("objectives", "Objectives", "10", objectives(protocol)),
    )


def participants(protocol: Protocol, forms: tuple[ScheduledForm, ...], size: SizeCheck) -> Section:
    """Who takes part in what, what is measured when, and how many that needs."""
    given = (*interventions(protocol), _adherence(protocol))
    who = _all(eligibility(protocol, providers="Providers"))
    number = (*sample_size(protocol, Tense.PLANNED, size), _assumptions(size))
    return _chapter(
        "participants",
        "Participants, interventions and outcomes",
        ("involvement", "Patient and public involvement", "11", ()),
        ("design", "Trial design", "12", (design(protocol),)),
        ("setting", "Setting", "13", setting(protocol)),
        ("eligibility", "Eligibility", "14a 14b", who),
        ("interventions", "Interventions", "15a 15b 15c 15d", given),
        ("outcomes", "Outcomes", "16", (_of_the_text(outcome_definitions(protocol)),)),
        ("harms", "Harms", "17", harms(protocol)),
        ("timeline", "Participant timeline", "18", schedule_blocks(protocol, forms)),
        ("sample-size", "Sample size", "19", number),
        ("recruitment", "Recruitment", "20", ()),
    )


def _assumptions(size: SizeCheck) -> Block | None:
    """Every assumption of the calculation by itself, and where its method comes from."""
    if not size.assumptions:
        return None
    told = [
        (_NAMES.get(key, capitalised(key.replace("_", " "))), text)
        for key, text in size.assumptions
    ]
    told += [("Reference", size.reference)] if size.reference else []
    return Definitions(
        lead="What the calculation assumes",
        entries=tuple(Definition(term=term, runs=(text,)) for term, text in told),
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


def assignment(protocol: Protocol) -> Section:
    """How participants come into their arms, and who will not know into which."""
    drawn, blind = (_all(each(protocol, Tense.PLANNED)) for each in (randomisation, blinding))
    return _chapter(
        "assignment",
        "Assignment of interventions",
        ("randomisation", "Randomisation", "21a 21b 22 23", drawn),
        ("blinding", "Blinding", "24a 24b", blind),
        ("unblinding", "Unblinding in an emergency", "24c", (_unblinding(protocol),)),
    )


def _unblinding(protocol: Protocol) -> Block | None:
    """That there is nothing to reveal where nobody is blinded; else the author says it."""
    roles = blinded_roles(protocol)
    if roles[Blinded.YES] or roles[Blinded.NOT_REPORTED]:
        return None
    gap = not_applicable(spirit_2025(), "24c", "Nobody is blinded.")
    return replace(gap, checklist=SPIRIT)


def data(forms: tuple[ScheduledForm, ...]) -> Section:
    """How data come about, how participants are kept, and what becomes of what is entered."""
    checked = Paragraph(runs=(_CHECKS,), claims=planning("26", "checks"))
    return _chapter(
        "data",
        "Data collection and management",
        ("collection", "Data collection", "25a", (_forms(forms),)),
        ("retention", "Retention", "25b", ()),
        ("management", "Data management", "26", (checked if forms else None,)),
    )


def _forms(forms: tuple[ScheduledForm, ...]) -> Block | None:
    """On what data are collected, and where a reader finds each question."""
    if not forms:
        return None
    text = (
        f"Data are collected on {counted(len(forms), 'form')}: {listing([each.label for each in forms])}. "
        "Each question, its choices and ranges and the rules between answers stand in the folder forms/ "
        "of the trial, and in its codebook."
    )
    return Paragraph(runs=(text,))


def analysis(protocol: Protocol) -> Section:
    """The statistical analysis plan."""
    account, planned = Account(protocol=protocol), Tense.PLANNED
    return _chapter(
        "analysis-plan",
        "Statistical analysis plan",
        (
            "estimands",
            "Estimands",
            "",
            (
                _of_the_text(estimands_table(protocol)),
                _of_the_text(recorded_events_table(protocol)),
            ),
        ),
        ("populations", "Populations", "27b", (populations(protocol, planned),)),
        ("analyses", "Analyses", "27a", analyses(account)),
        ("missing-data", "Missing data", "27c", (missing_data(account),)),
        ("additional", "Additional analyses", "27d", (_to_come(additional(account)),)),
    )


def _to_come(block: Block) -> Block:
    """What is asked of a plan is which additional analyses there are, and not since when."""
    return replace(block, claims=planning("27d", "additional analyses"))


def monitoring(protocol: Protocol) -> Section:
    """Who watches over the trial, and when it is looked at before its end."""
    return _chapter(
        "monitoring",
        "Monitoring",
        ("committee", "Data monitoring committee", "28a", ()),
        ("interim", "Interim analyses and stopping", "28b", (interim(protocol, Tense.PLANNED),)),
        ("auditing", "Trial monitoring and auditing", "29", ()),
    )


def ethical(protocol: Protocol) -> Section:
    """What an ethics committee asks of approval, consent, secrecy and care."""
    return _chapter(
        "ethics",
        "Ethics",
        ("approval", "Ethics approval", "30", (ethics(protocol),)),
        ("changes", "Telling of amendments", "31", ()),
        ("consent", "Consent", "32a 32b", ()),
        ("confidentiality", "Confidentiality", "33", ()),
        ("care", "Ancillary and post-trial care", "34", ()),
    )
