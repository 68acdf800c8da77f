"""Methods: what the protocol says was done, and what the plan that ran says was analysed."""

from dataclasses import replace

from trialkit.grammar import by_number
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.kinds import Reporter
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Block, Section
from trialkit.report.content.manifest import Manifest
from trialkit.report.content.text import Bullets, CrossReference, Paragraph, Run
from trialkit.report.guidelines.answers import Answers, answering
from trialkit.report.marks.reading import protocol_runs
from trialkit.report.sections.conduct import blinding, interim, randomisation, sample_size
from trialkit.report.sections.interventions import interventions
from trialkit.report.sections.statistics import additional, analyses, missing_data, populations
from trialkit.report.sections.trial import (
    design,
    eligibility,
    ethics,
    harms,
    other_outcomes,
    primary_outcomes,
    setting,
)
from trialkit.report.words.en.picked import picked_words
from trialkit.report.words.en.sentences.analysed import outcomes_analysed
from trialkit.report.words.en.sentences.conduct import software_sentence
from trialkit.report.words.en.sentences.plan_record import (
    amendment_sentences,
    is_unchanged,
    record_sentence,
    wanting,
)
from trialkit.report.words.en.unsaid import is_said
from trialkit.report.words.en.wording import listing, sentence
from trialkit.report.words.language.account import Account
from trialkit.results.size_check import SizeCheck

_ELSEWHERE = {"14": ("every outcome",), "21b": ("populations",), "21c": ("amount",)}
"""What supplementary tables answer of the items of this section."""


def methods(
    account: Account, answers: Answers, *, manifest: Manifest, harms_counted: bool, size: SizeCheck
) -> Section:
    """The whole section."""
    protocol, tense = account.protocol, account.tense
    number = {"16a": sample_size(protocol, tense, size), "16b": (interim(protocol, tense),)}
    how_many = CrossReference(anchor="table-missing")
    amount = Paragraph(runs=("How many values are missing, and why, is shown in ", how_many, "."))
    statistics = {
        "21a": (
            *analyses(account, harms=harms_counted),
            Paragraph(runs=(software_sentence(manifest),)),
        ),
        "21b": (populations(protocol, tense),),
        "21c": (missing_data(account), amount),
        "21d": (additional(account),),
    }
    place = {"11": (*setting(protocol), ethics(protocol))}
    elsewhere = _ELSEWHERE
    if not account.history.is_recorded:  # item 10 has the gap
        elsewhere = {**_ELSEWHERE, "21d": ("additional analyses",)}
    told = (
        ("patient-involvement", "Patient and public involvement", {"8": ()}),
        ("design", "Trial design", {"9": (design(protocol),)}),
        ("changes", "Changes to the protocol", {"10": _changes(account)}),
        ("setting", "Setting", place),
        ("eligibility", "Eligibility", eligibility(protocol)),
        ("interventions", "Interventions", {"13": interventions(protocol)}),
        ("outcomes", "Outcomes", {"14": (_outcomes(protocol),)}),
        ("harms-methods", "Harms", {"15": harms(protocol)}),
        ("sample-size", "Sample size and interim analyses", number),
        ("randomisation", "Randomisation", randomisation(protocol, tense)),
        ("blinding", "Blinding", blinding(protocol, tense)),
        ("statistics", "Statistical methods", statistics),
    )
    return Section(
        anchor="methods",
        title="Methods",
        sections=tuple(
            answers.section(anchor, title, own, elsewhere=elsewhere) for anchor, title, own in told
        ),
    )


def _changes(account: Account) -> tuple[Block | None, ...]:
    """The changes that the protocol lists, those of the plan's record, and afterthoughts."""
    protocol, history = account.protocol, account.history
    after = [each for each in protocol.plan.analyses if each.role is AnalysisRole.POST_HOC]
    changes: list[str] = list(protocol.trial.changes)
    for each in after:
        labels = outcomes_analysed(each, protocol)
        reason = f" Reason: {sentence(each.reason)}" if each.reason else ""
        changes.append(f"The analysis of {labels} ({each.id}) is post hoc.{reason}")
    changes += amendment_sentences(history, protocol)
    recorded = Paragraph(runs=(record_sentence(history),))
    if not changes and not is_unchanged(history):
        return (recorded,)
    told = any(is_said(each, none_answers=True) for each in protocol.trial.changes)
    lacks = wanting(history)
    if not told and not history.is_recorded:
        lacks = f"only the post hoc analyses are named, and {lacks}"
    elif protocol.trial.changes and not told:
        lacks = "[trial] changes says nothing"
    source = ClaimSource.WORDS if told else ClaimSource.PROTOCOL
    claim = Claim(item="10", part="changes", source=source, lacks=lacks)
    if not changes:
        unchanged = "The plan was not changed since."
        return (replace(recorded, runs=(*recorded.runs, f" {unchanged}"), claims=(claim,)),)
    return (recorded, Bullets(items=tuple(map(protocol_runs, changes)), claims=(claim,)))


def _outcomes(protocol: Protocol) -> Block:
    primary, others = primary_outcomes(protocol), other_outcomes(protocol)
    noun = by_number(len(primary), "primary outcome is", "primary outcomes are")
    rest = f"{others} " if others else ""
    own = [each.label for each in protocol.outcomes if each.reported_by is Reporter.PARTICIPANT]
    by = f"Participants report these themselves: {listing(own)}. " if own else ""
    claims = answering("P6a", "who completes it", checklist="pro") if own else ()
    runs: tuple[Run, ...] = (
        f"The {noun} {listing(primary)}. {rest}{by}",
        CrossReference(anchor="table-outcome-definitions"),
        " defines each by variable, metric, aggregation and time point.",
        *(f" {each.label} is {picked_words(each)}." for each in protocol.outcomes if each.picks),
    )
    return Paragraph(runs=runs, claims=claims)
