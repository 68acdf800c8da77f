"""How a trial will be run, or was: its size, its looks at the data, randomisation and blinding."""

from dataclasses import replace

from trialkit.grammar import by_number
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.trial.conduct import (
    Access,
    Blinded,
    Randomisation,
    RandomisationType,
    SampleSize,
)
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Block
from trialkit.report.content.text import Paragraph
from trialkit.report.guidelines.answers import (
    Told,
    answering,
    in_words,
    not_applicable,
    planning,
    said,
    says,
    stated,
)
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.words.en.unsaid import is_said
from trialkit.report.words.en.wording import listing, sentence
from trialkit.report.words.language.tense import Tense
from trialkit.results.size_check import SizeCheck

_KINDS = {
    RandomisationType.SIMPLE: "simple, without restriction",
    RandomisationType.PERMUTED_BLOCKS: "in permuted blocks",
    RandomisationType.STRATIFIED_BLOCKS: "in permuted blocks",
    RandomisationType.MINIMISATION: "by minimisation",
    RandomisationType.BIASED_COIN: "by a biased coin",
    RandomisationType.URN: "by an urn",
    RandomisationType.BIG_STICK: "by the big stick design",
}
_IN_BLOCKS = {RandomisationType.PERMUTED_BLOCKS, RandomisationType.STRATIFIED_BLOCKS}
_ON_FACTORS = {RandomisationType.STRATIFIED_BLOCKS, RandomisationType.MINIMISATION}
_SECRET = (
    " The length of the blocks is no part of this document: it is kept from those who enrol "
    "and those who assign participants."
)
_HOW = "how it was determined"
_ASSUMPTIONS = ("assumed effect", "assumed spread or rates", "level and power")
_LOSSES = "allowance for losses"
_IS = {Tense.PLANNED: "is", Tense.DONE: "was"}
_ARE = {Tense.PLANNED: "are", Tense.DONE: "were"}
_OPEN = {Tense.PLANNED: "decided", Tense.DONE: "reported"}
_NUMBER = {
    Tense.PLANNED: "{n} {noun} will be randomised.",
    Tense.DONE: "It was planned to randomise {n} {noun}.",
}


_SIZED_IN_CLUSTERS = {
    SampleSizeMethod.CLUSTER_MEANS,
    SampleSizeMethod.CLUSTER_PROPORTIONS,
    SampleSizeMethod.CLUSTER_RATES,
}
_OF_CLUSTERS = ("number of clusters", "size of clusters", "intracluster correlation")
"""What the calculation for clusters assumes, and its sentence says."""


def sample_size(protocol: Protocol, tense: Tense, check: SizeCheck) -> tuple[Block | None, ...]:
    """The number, its reason, and whether it is the one that its assumptions give."""
    size = protocol.sample_size
    if size is None:
        return ()
    noun = by_number(size.planned, "participant", "participants")
    said = _NUMBER[tense].format(n=size.planned, noun=noun)
    return (
        Paragraph(runs=(said,), claims=_of_the_size("planned number")),
        stated(size.justification, _of_the_size(_HOW)),
        _recomputed(size, check),
    )


def _recomputed(size: SampleSize, check: SizeCheck) -> Block | None:
    """What the calculation that the protocol names gives, with each of its assumptions."""
    mismatch = check.mismatch
    words = [f"Recomputed from its assumptions: {check.recomputed}"] if check.recomputed else []
    allows = bool(size.dropout) or check.counts_losses
    if check.recomputed and not allows:
        words.append("The calculation allows for no losses.")
    words += [f"Mismatch: {sentence(mismatch)}"] if mismatch else []
    if not words:
        return None
    losses = (_LOSSES,) if allows else ()  # a dropout of 0 may be one unsaid
    assumed = _of_the_size(*_ASSUMPTIONS, *losses) if check.recomputed else ()
    if check.recomputed and size.method in _SIZED_IN_CLUSTERS:
        assumed += answering("7a", *_OF_CLUSTERS, checklist="cluster")
    return Paragraph(
        runs=(" ".join(words),), claims=(*_of_the_size(_HOW, lacks=mismatch), *assumed)
    )


def _of_the_size(*parts: str, lacks: str = "") -> tuple[Claim, ...]:
    """That a report and a plan answer these parts of the sample size."""
    return (*answering("16a", *parts, lacks=lacks), *planning("19", *parts, lacks=lacks))


def interim(protocol: Protocol, tense: Tense) -> Block | None:
    """The looks at the data and the rule for stopping, or that there is none."""
    own, lacks, source = protocol.interim, "", ClaimSource.PROTOCOL
    if own is None:
        return None
    if own.planned:
        lacks = "" if is_said(own.rule) else "the rule is not stated"
        source = ClaimSource.WORDS
        text = sentence(f"Interim analyses {_ARE[tense]} planned. {own.rule}")
    else:
        text = f"No interim analysis and no rule for stopping {_IS[tense]} planned."
    told = says("16b", "interim analyses", text, source=source, lacks=lacks)
    if own.planned:
        return told
    return replace(
        told, claims=(*told.claims, *planning("28b", "who sees the results and decides"))
    )


def randomisation(protocol: Protocol, tense: Tense) -> Told:
    """The sequence, its restriction, its concealment and who carries it out."""
    own = protocol.randomisation
    steps = said("18", "steps until assignment", own.concealment_steps, head="Steps")
    return {
        "17a": (
            said("17a", "who generated it", own.generated_by, head="Generated by"),
            said("17a", "method", own.sequence, head="Sequence"),
        ),
        "17b": (_restriction(protocol, tense),),
        "18": (said("18", "mechanism", own.concealment, head="Concealment"), steps),
        "19": _implementation(own, tense),
    }


def _implementation(own: Randomisation, tense: Tense) -> tuple[Block | None, ...]:
    """Whether those who enrol and those who assign could see the sequence, each by its own field.

    A free text says something of it, and which of the two it speaks of nobody but a reader can tell.
    """
    had = {
        Access.YES: {Tense.PLANNED: "have access", Tense.DONE: "had access"},
        Access.NO: {Tense.PLANNED: "have no access", Tense.DONE: "had no access"},
    }
    words = stated(own.implementation, (), head="Implementation")
    asked = (
        ("those who enrolled", "enrol", "enrolling_access", own.enrolling_access),
        ("those who assigned", "assign", "assigning_access", own.assigning_access),
    )
    told: list[str] = []
    claims: list[Claim] = []
    for part, verb, key, access in asked:
        if access in had:
            who = f"Those who {verb if tense is Tense.PLANNED else part.rpartition(' ')[2]}"
            told.append(f"{who} participants {had[access][tense]} to the sequence.")
            claims += answering("19", part)
        elif is_said(own.implementation):
            lacks = f"[randomisation] {key} is not stated, and no text is judged"
            claims += in_words(answering("19", part, lacks=lacks))
    if not told:
        return (None if words is None else replace(words, claims=tuple(claims)),)
    return (Paragraph(runs=(" ".join(told),), claims=tuple(claims)), words)


def _restriction(protocol: Protocol, tense: Tense) -> Block | None:
    """The type and the strata; how long blocks are is told when nobody is randomised any more."""
    randomisation, planned = protocol.randomisation, tense is Tense.PLANNED
    kind = randomisation.type
    if kind is RandomisationType.NOT_REPORTED:
        return None
    text = f"Randomisation {_IS[tense]} {_KINDS[kind]}"
    lacks = []
    if kind in _IN_BLOCKS and not planned:
        sizes = [str(size) for size in randomisation.block_sizes]
        text += f" with blocks of {listing(sizes, last='or')}" if sizes else ""
        lacks += [] if sizes else ["block sizes"]
    if randomisation.strata:
        verb = "on" if kind is RandomisationType.MINIMISATION else "stratified by"
        text += f"{',' if planned else ''} {verb} {listing(randomisation.strata)}"
    elif kind in _ON_FACTORS:
        lacks.append("factors")
    secret = _SECRET if planned and kind in _IN_BLOCKS else ""
    open_ = f"{listing(lacks)} not stated" if lacks else ""
    return Paragraph(
        runs=(f"{text}.{secret}",),
        claims=(
            *answering("17b", "type and restriction", lacks=open_),
            *planning("21b", "type and strata", lacks=open_),
        ),
    )


def blinded_roles(protocol: Protocol) -> dict[Blinded, list[str]]:
    """Who is blinded, who is not, and for whom that is open."""
    blinding = protocol.blinding
    roles = {
        "participants": blinding.participants,
        "providers": blinding.providers,
        "outcome assessors": blinding.assessors,
        "analysts": blinding.analysts,
    }
    return {flag: [who for who, own in roles.items() if own is flag] for flag in Blinded}


def blinding(protocol: Protocol, tense: Tense) -> Told:
    """Who does not know the allocation, and how that is kept so."""
    roles = blinded_roles(protocol)
    unknown = roles[Blinded.NOT_REPORTED]
    flagged: Block | None = None
    if roles[Blinded.YES] or roles[Blinded.NO]:
        heads = {
            Blinded.YES: "Blinded to the allocation",
            Blinded.NO: "Not blinded",
            Blinded.NOT_REPORTED: (
                "Not decided" if tense is Tense.PLANNED else "Not reported whether blinded"
            ),
        }
        flagged = says(
            "20a",
            "all four roles",
            " ".join(f"{heads[flag]}: {listing(who)}." for flag, who in roles.items() if who),
            source=ClaimSource.PROTOCOL,
            lacks=f"not {_OPEN[tense]} for {listing(unknown)}" if unknown else "",
        )
    how: Block | None = said("20b", "how", protocol.blinding.how, head="How")
    alike = said("20b", "similarity", protocol.blinding.similarity, head="Similarity")
    if how is None and not roles[Blinded.YES] and not unknown:
        how = not_applicable(consort_2025(), "20b", f"Nobody {_IS[tense]} blinded.")
        alike = stated(protocol.blinding.similarity, (), head="Similarity")
    return {"20a": (flagged,), "20b": (how, alike)}
