"""Methods: what the protocol says was done, and what the plan that ran says was analysed."""

from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.conduct import Blinded, RandomisationType
from trialkit.protocol.trial.kinds import Reporter
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, Source
from trialkit.report.content.content import Block, Section
from trialkit.report.content.manifest import Manifest
from trialkit.report.content.text import Bullets, Definitions, Paragraph, Reference, Run
from trialkit.report.guidelines.answers import Answers, listed, not_applicable, said, says
from trialkit.report.sections.interventions import interventions
from trialkit.report.sections.opening import design_sentence
from trialkit.report.words.en.sentences.analyses import analysis_definitions
from trialkit.report.words.en.sentences.comparisons import (
    general_sentences,
    multiplicity_sentences,
)
from trialkit.report.words.en.sentences.conduct import (
    harms_sentences,
    missing_data_sentences,
    software_sentence,
)
from trialkit.report.words.en.wording import listing, number_word, sentence
from trialkit.report.words.language.account import Account
from trialkit.report.words.languages import words_of
from trialkit.results.size_check import SizeCheck

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "14": ("every outcome",),
    "21b": ("populations",),
    "21c": ("amount",),
}
"""What supplementary tables answer of the items of this section."""


def methods(
    account: Account, answers: Answers, *, manifest: Manifest, harms_counted: bool, size: SizeCheck
) -> Section:
    """The whole section."""
    protocol = account.protocol
    return Section(
        anchor="methods",
        title="Methods",
        sections=(
            _section("patient-involvement", "Patient and public involvement", answers, {"8": ()}),
            _section("design", "Trial design", answers, {"9": (_design(protocol),)}),
            _section("changes", "Changes to the protocol", answers, {"10": _changes(protocol)}),
            _section("setting", "Setting", answers, {"11": _setting(protocol)}),
            _section(
                "eligibility",
                "Eligibility",
                answers,
                {
                    "12a": (
                        listed(
                            "12a",
                            "inclusion criteria",
                            protocol.eligibility.inclusion,
                            head="Inclusion",
                        ),
                        listed(
                            "12a",
                            "exclusion criteria",
                            protocol.eligibility.exclusion,
                            head="Exclusion",
                        ),
                    ),
                    "12b": (said("12b", "sites and providers", protocol.eligibility.providers),),
                },
            ),
            _section("interventions", "Interventions", answers, {"13": interventions(protocol)}),
            _section("outcomes", "Outcomes", answers, {"14": (_outcomes(protocol),)}),
            _section("harms-methods", "Harms", answers, {"15": _harms(protocol)}),
            _section(
                "sample-size",
                "Sample size and interim analyses",
                answers,
                {"16a": _sample_size(protocol, size), "16b": (_interim(protocol),)},
            ),
            _section("randomisation", "Randomisation", answers, _randomisation(protocol)),
            _section("blinding", "Blinding", answers, _blinding(protocol, answers)),
            _section(
                "statistics",
                "Statistical methods",
                answers,
                _statistics(account, manifest=manifest, harms_counted=harms_counted),
            ),
        ),
    )


def _section(
    anchor: str, title: str, answers: Answers, blocks: dict[str, tuple[Block | None, ...]]
) -> Section:
    """A section that answers these items one after the other."""
    answered = [
        answers.to(item, *own, elsewhere=ELSEWHERE.get(item, ())) for item, own in blocks.items()
    ]
    return Section(
        anchor=anchor,
        title=title,
        items=tuple(blocks),
        blocks=tuple(block for each in answered for block in each),
    )


def _design(protocol: Protocol) -> Block:
    claims = tuple(
        Claim(item="9", part=part, source=Source.PROTOCOL)
        for part in ("type", "allocation ratio", "framework")
    )
    return Paragraph(runs=(design_sentence(protocol),), claims=claims)


def _changes(protocol: Protocol) -> tuple[Block | None, ...]:
    """The changes that the protocol lists, and the analyses that were not prespecified."""
    after = [each for each in protocol.plan.analyses if each.role is AnalysisRole.POST_HOC]
    changes: list[str] = list(protocol.trial.changes)
    for each in after:
        labels = listing([protocol.outcome(code).label for code in each.outcomes])
        reason = f" Reason: {sentence(each.reason)}" if each.reason else ""
        changes.append(f"The analysis of {labels} ({each.id}) is post hoc.{reason}")
    if not changes:
        return ()
    lacks = "" if protocol.trial.changes else "only the post hoc analyses are named"
    claim = Claim(item="10", part="changes", source=Source.PROTOCOL, lacks=lacks)
    return (Bullets(items=tuple((each,) for each in changes), claims=(claim,)),)


def _setting(protocol: Protocol) -> tuple[Block | None, ...]:
    sites = listing([site.label for site in protocol.sites]) if protocol.sites else ""
    return (
        said("11", "setting", protocol.trial.setting),
        said("11", "places", sites, head="Sites"),
        Paragraph(runs=(f"Ethics: {sentence(protocol.trial.ethics)}",))
        if protocol.trial.ethics.strip()
        else None,
    )


def _outcomes(protocol: Protocol) -> Block:
    primary = [each.label for each in protocol.outcomes if each.role.value == "primary"]
    others = len(protocol.outcomes) - len(primary)
    noun = "primary outcome is" if len(primary) == 1 else "primary outcomes are"
    rest = (
        f"There {'is' if others == 1 else 'are'} {number_word(others)} other "
        f"outcome{'' if others == 1 else 's'}. "
        if others
        else ""
    )
    own = [each.label for each in protocol.outcomes if each.reported_by is Reporter.PARTICIPANT]
    by = f"Participants report these themselves: {listing(own)}. " if own else ""
    part = "who completes it"
    claims = (Claim(item="P6a", part=part, source=Source.PROTOCOL, checklist="pro"),) if own else ()
    runs: tuple[Run, ...] = (
        f"The {noun} {listing(primary)}. {rest}{by}",
        Reference(anchor="table-outcome-definitions"),
        " defines each by variable, metric, aggregation and time point.",
    )
    return Paragraph(runs=runs, claims=claims)


def _harms(protocol: Protocol) -> tuple[Block | None, ...]:
    return (
        said("15", "definition", protocol.harms.definition, head="Definition"),
        said("15", "assessment", protocol.harms.assessment, head="Assessment"),
    )


def _sample_size(protocol: Protocol, size_check: SizeCheck) -> tuple[Block | None, ...]:
    size = protocol.sample_size
    if size is None:
        return ()
    planned = f"It was planned to randomise {size.planned} participants."
    return (
        says("16a", "planned number", planned, source=Source.PROTOCOL),
        said("16a", "how it was determined", size.justification),
        _recomputed_size(size_check),
    )


def _recomputed_size(size: SizeCheck) -> Block | None:
    """The number as its assumptions give it, and whether it is the one that was planned."""
    if not size.recomputed and not size.mismatch:
        return None
    words = [f"Recomputed from its assumptions: {size.recomputed}"] if size.recomputed else []
    return says(
        "16a",
        "how it was determined",
        " ".join([*words, *([f"Mismatch: {size.mismatch}"] if size.mismatch else [])]),
        source=Source.PROTOCOL,
        lacks=size.mismatch,
    )


def _interim(protocol: Protocol) -> Block | None:
    interim = protocol.interim
    if interim is None:
        return None
    if not interim.planned:
        text = "No interim analysis and no rule for stopping was planned."
        return says("16b", "interim analyses", text, source=Source.PROTOCOL)
    lacks = "" if interim.rule.strip() else "the rule is not stated"
    text = f"Interim analyses were planned. {interim.rule}".strip()
    return says("16b", "interim analyses", sentence(text), source=Source.PROTOCOL, lacks=lacks)


def _randomisation(protocol: Protocol) -> dict[str, tuple[Block | None, ...]]:
    randomisation = protocol.randomisation
    return {
        "17a": (said("17a", "who and how", randomisation.sequence, head="Sequence"),),
        "17b": (_restriction(protocol),),
        "18": (said("18", "mechanism", randomisation.concealment, head="Concealment"),),
        "19": (
            said(
                "19",
                "access to the sequence",
                randomisation.implementation,
                head="Implementation",
            ),
        ),
    }


def _restriction(protocol: Protocol) -> Block | None:
    randomisation = protocol.randomisation
    kind = randomisation.type
    if kind is RandomisationType.NOT_REPORTED:
        return None
    parts = [f"Randomisation was {_KINDS[kind]}"]
    lacks = []
    if kind in {RandomisationType.PERMUTED_BLOCKS, RandomisationType.STRATIFIED_BLOCKS}:
        sizes = [str(size) for size in randomisation.block_sizes]
        if sizes:
            parts.append(f"with blocks of {listing(sizes, last='or')}")
        else:
            lacks.append("block sizes")
    if kind in {RandomisationType.STRATIFIED_BLOCKS, RandomisationType.MINIMISATION}:
        if randomisation.strata:
            verb = "stratified by" if kind is RandomisationType.STRATIFIED_BLOCKS else "on"
            parts.append(f"{verb} {listing(randomisation.strata)}")
        else:
            lacks.append("factors")
    return says(
        "17b",
        "type and restriction",
        f"{' '.join(parts)}.",
        source=Source.PROTOCOL,
        lacks=f"{listing(lacks)} not stated" if lacks else "",
    )


_KINDS = {
    RandomisationType.SIMPLE: "simple, without restriction",
    RandomisationType.PERMUTED_BLOCKS: "in permuted blocks",
    RandomisationType.STRATIFIED_BLOCKS: "in permuted blocks",
    RandomisationType.MINIMISATION: "by minimisation",
    RandomisationType.BIASED_COIN: "by a biased coin",
    RandomisationType.URN: "by an urn",
    RandomisationType.BIG_STICK: "by the big stick design",
}


def _blinding(protocol: Protocol, answers: Answers) -> dict[str, tuple[Block | None, ...]]:
    blinding = protocol.blinding
    flags = {
        "participants": blinding.participants,
        "providers": blinding.providers,
        "outcome assessors": blinding.assessors,
        "analysts": blinding.analysts,
    }
    unknown = [who for who, flag in flags.items() if flag is Blinded.NOT_REPORTED]
    flagged: Block | None = None
    if len(unknown) < len(flags):
        flagged = says(
            "20a",
            "all four roles",
            " ".join(_blinded(flags)),
            source=Source.PROTOCOL,
            lacks=f"not reported for {listing(unknown)}" if unknown else "",
        )
    how: Block | None = said("20b", "how", blinding.how, head="How")
    if how is None and all(flag is Blinded.NO for flag in flags.values()):
        how = not_applicable(answers.guideline, "20b", "Nobody was blinded.")
    return {"20a": (flagged,), "20b": (how,)}


def _blinded(flags: dict[str, Blinded]) -> list[str]:
    sentences = []
    for flag, words in (
        (Blinded.YES, "Blinded to the allocation: {who}."),
        (Blinded.NO, "Not blinded: {who}."),
        (Blinded.NOT_REPORTED, "Not reported whether blinded: {who}."),
    ):
        who = [each for each, own in flags.items() if own is flag]
        if who:
            sentences.append(words.format(who=listing(who)))
    return sentences


def _statistics(
    account: Account, *, manifest: Manifest, harms_counted: bool
) -> dict[str, tuple[Block | None, ...]]:
    protocol = account.protocol
    outcomes = Claim(item="21a", part="outcomes", source=Source.PROTOCOL)
    own = tuple(
        claim
        for each in protocol.plan.analyses
        for claim in words_of(each.specification, protocol).answers
    )
    definitions = Definitions(entries=tuple(analysis_definitions(account)), claims=(outcomes, *own))
    harms = (
        says("21a", "harms", harms_sentences(protocol), source=Source.PROTOCOL)
        if harms_counted
        else None
    )
    return {
        "21a": (
            Paragraph(runs=(f"{general_sentences(account)} {multiplicity_sentences(account)}",)),
            definitions,
            harms,
            Paragraph(runs=(software_sentence(manifest),)),
        ),
        "21b": (_populations(protocol),),
        "21c": (
            says(
                "21c",
                "handling",
                missing_data_sentences(account),
                source=Source.PROTOCOL,
            ),
            Paragraph(
                runs=(
                    "How many values are missing, and why, is shown in ",
                    Reference(anchor="table-missing"),
                    ".",
                )
            ),
        ),
        "21d": (_additional(protocol),),
    }


def _populations(protocol: Protocol) -> Block:
    items = tuple((f"{each.label}: {sentence(each.definition)}",) for each in protocol.populations)
    lead = "Analysis populations, and the estimands that they serve"
    references: tuple[Run, ...] = (
        "Counts and reasons are in ",
        Reference(anchor="table-populations"),
        *(("; estimands in ", Reference(anchor="table-estimands")) if protocol.estimands else ()),
        ".",
    )
    return Bullets(items=(*items, references), lead=lead)


def _additional(protocol: Protocol) -> Block:
    others = [
        each
        for each in protocol.plan.analyses
        if each.role not in {AnalysisRole.PRIMARY, AnalysisRole.SECONDARY}
    ]
    post_hoc = sum(each.role is AnalysisRole.POST_HOC for each in others)
    if not others:
        text = "No sensitivity, subgroup or other additional analysis was planned or made."
    else:
        planned = len(others) - post_hoc
        text = (
            f"Of the additional analyses named above, {number_word(planned) if planned else 'none'} "
            f"{'was' if planned < 2 else 'were'} specified in the plan and "
            f"{number_word(post_hoc) if post_hoc else 'none'} "
            f"{'is' if post_hoc < 2 else 'are'} post hoc."
        )
    return says("21d", "additional analyses", text, source=Source.PROTOCOL)
