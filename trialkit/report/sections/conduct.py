"""How a trial will be run, or was: its size, its looks at the data, randomisation and blinding."""

from trialkit.protocol.trial.conduct import Blinded, RandomisationType
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import ClaimSource
from trialkit.report.content.content import Block
from trialkit.report.content.text import Paragraph
from trialkit.report.guidelines.answers import (
    Told,
    answering,
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
_IS = {Tense.PLANNED: "is", Tense.DONE: "was"}
_ARE = {Tense.PLANNED: "are", Tense.DONE: "were"}
_OPEN = {Tense.PLANNED: "decided", Tense.DONE: "reported"}
_NUMBER = {
    Tense.PLANNED: "{n} participants will be randomised.",
    Tense.DONE: "It was planned to randomise {n} participants.",
}


def sample_size(protocol: Protocol, tense: Tense, check: SizeCheck) -> tuple[Block | None, ...]:
    """The number, its reason, and whether it is the one that its assumptions give."""
    size = protocol.sample_size
    if size is None:
        return ()
    number, how = "planned number", "how it was determined"
    why = (*answering("16a", how), *planning("19", how))
    return (
        Paragraph(
            runs=(_NUMBER[tense].format(n=size.planned),),
            claims=(*answering("16a", number), *planning("19", number)),
        ),
        stated(size.justification, why),
        _recomputed(check, how),
    )


def _recomputed(check: SizeCheck, how: str) -> Block | None:
    mismatch = check.mismatch
    words = [f"Recomputed from its assumptions: {check.recomputed}"] if check.recomputed else []
    words += [f"Mismatch: {sentence(mismatch)}"] if mismatch else []
    if not words:
        return None
    return Paragraph(
        runs=(" ".join(words),),
        claims=(*answering("16a", how, lacks=mismatch), *planning("19", how, lacks=mismatch)),
    )


def interim(protocol: Protocol, tense: Tense) -> Block | None:
    """The looks at the data and the rule for stopping, or that there is none."""
    own, lacks = protocol.interim, ""
    if own is None:
        return None
    if own.planned:
        lacks = "" if is_said(own.rule) else "the rule is not stated"
        text = sentence(f"Interim analyses {_ARE[tense]} planned. {own.rule}")
    else:
        text = f"No interim analysis and no rule for stopping {_IS[tense]} planned."
    return says("16b", "interim analyses", text, source=ClaimSource.PROTOCOL, lacks=lacks)


def randomisation(protocol: Protocol, tense: Tense) -> Told:
    """The sequence, its restriction, its concealment and who carries it out."""
    own, access = protocol.randomisation, "access to the sequence"
    return {
        "17a": (said("17a", "who and how", own.sequence, head="Sequence"),),
        "17b": (_restriction(protocol, tense),),
        "18": (said("18", "mechanism", own.concealment, head="Concealment"),),
        "19": (said("19", access, own.implementation, head="Implementation"),),
    }


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
    if how is None and not roles[Blinded.YES] and not unknown:
        how = not_applicable(consort_2025(), "20b", f"Nobody {_IS[tense]} blinded.")
    return {"20a": (flagged,), "20b": (how,)}
