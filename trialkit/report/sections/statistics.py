"""How a trial will be analysed, or was: in whom, by what, and what becomes of missing values."""

from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Block
from trialkit.report.content.text import Bullets, CrossReference, Definitions, Paragraph, Run
from trialkit.report.guidelines.answers import answering, in_words, planning, says
from trialkit.report.words.en.sentences.analyses import analysis_definitions
from trialkit.report.words.en.sentences.checks import checks_sentence
from trialkit.report.words.en.sentences.comparisons import (
    general_sentences,
    multiplicity_sentences,
)
from trialkit.report.words.en.sentences.conduct import harms_sentences
from trialkit.report.words.en.sentences.missing_values import missing_data_sentences
from trialkit.report.words.en.sentences.plan_record import additional_sentence, wanting
from trialkit.report.words.en.unsaid import unsaid_of
from trialkit.report.words.en.wording import counted, listing, sentence
from trialkit.report.words.language.account import Account
from trialkit.report.words.language.tense import Tense
from trialkit.report.words.languages import words_of

_MAIN = frozenset({AnalysisRole.PRIMARY, AnalysisRole.SECONDARY})


def analyses(account: Account, *, harms: bool = True) -> tuple[Block, ...]:
    """What holds for all comparisons, each analysis, and how harms are compared."""
    protocol = account.protocol
    own = tuple(
        claim
        for each in protocol.plan.analyses
        for claim in words_of(each.specification, protocol).answers
    )
    adjusted = multiplicity_sentences(account)
    said = (general_sentences(account), adjusted, checks_sentence(account))
    overall = Paragraph(
        runs=(" ".join(filter(None, said)),),
        claims=answering("multiplicity", "adjustment or none", checklist="multiarm")
        if adjusted
        else (),
    )
    each_one = Definitions(
        entries=tuple(analysis_definitions(account)),
        claims=(
            *answering("21a", "outcomes"),
            *answering("comparisons", "primary comparisons", checklist="multiarm"),
            *(
                answering("comparisons", "groups compared", checklist="factorial")
                if account.compares_factors
                else ()
            ),
            *_of_clusters(protocol),
            *own,
        ),
    )
    of_harms = says("21a", "harms", harms_sentences(account), source=ClaimSource.PROTOCOL)
    return (overall, each_one, *((of_harms,) if harms else ()))


def _of_clusters(protocol: Protocol) -> tuple[Claim, ...]:
    """That the main analyses allow for the clusters that were allocated, or which do not."""
    if not protocol.allocates_clusters:
        return ()
    main = [each for each in protocol.plan.analyses if each.role in _MAIN]
    without = [each.id for each in main if each.specification.passes_over_clusters]
    lacks = f"not by {listing(without)}" if without else ""
    return answering("12a", "clusters in the analysis", lacks=lacks, checklist="cluster")


def populations(protocol: Protocol, tense: Tense) -> Block:
    """In whom is analysed; a plan says how they are grouped, a report where they are counted."""
    estimands = CrossReference(anchor="table-estimands")
    more: tuple[Run, ...]
    if tense is Tense.PLANNED:
        lead = ""
        grouped = {
            each.code: f" Participants are grouped as {each.group_by.value}."
            for each in protocol.populations
        }
        more = ("The estimands that they serve are in ", estimands, ".")
        more = more if protocol.estimands else ()
    else:
        lead, grouped = "Analysis populations, and the estimands that they serve", {}
        also = ("; estimands in ", estimands) if protocol.estimands else ()
        more = (
            "Counts and reasons are in ",
            CrossReference(anchor="table-populations"),
            *also,
            ".",
        )
    silent = unsaid_of({each.label: (each.label, each.definition) for each in protocol.populations})
    items = tuple(
        (f"{each.label}: {sentence(each.definition)}{grouped.get(each.code, '')}",)
        for each in protocol.populations
    )
    return Bullets(
        items=(*items, *((more,) if more else ())),
        lead=lead,
        claims=(
            *in_words(planning("27b", "populations", lacks=silent)),
            *in_words(answering("21b", "populations", lacks=silent) if silent else ()),
        ),
    )


def missing_data(account: Account) -> Block:
    """What becomes of missing values."""
    return says("21c", "handling", missing_data_sentences(account), source=ClaimSource.PROTOCOL)


def additional(account: Account) -> Block:
    """How many analyses are beside the main ones, since when, and which are afterthoughts."""
    protocol, tense, history = account.protocol, account.tense, account.history
    others = [each for each in protocol.plan.analyses if each.role not in _MAIN]
    after = sum(each.role is AnalysisRole.POST_HOC for each in others)
    if not others:
        made = "is planned" if tense is Tense.PLANNED else "was planned or made"
        text = f"No sensitivity, subgroup or other additional analysis {made}."
    elif tense is Tense.PLANNED:
        text = f"Of the analyses above, {counted(len(others), 'is additional', 'are additional')}."
        text += f" Added after the start of the trial: {after}." if after else ""
    else:
        roles = [(each.role, history.standing(each.id)) for each in others]
        text = additional_sentence(roles, history)
    lacks = wanting(history) if others else ""
    return says("21d", "additional analyses", text, source=ClaimSource.PROTOCOL, lacks=lacks)
