"""Rules on words: p values in prose, another guideline's numbers, block sizes (R06, R17, R18)."""

import re
from collections.abc import Iterator

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.lint.block_sizes import told_size
from trialkit.report.lint.evidence import Evidence, Notice, error, warning
from trialkit.report.words.en.wording import listing

BARE_P = re.compile(
    r"\bp\s*(?:>|\N{GREATER-THAN OR EQUAL TO}|>=)\s*0?\.0?5\b|\bp\s*=\s*0?\.0+\b(?!\d)|\bN\.?S\.?(?=[\s).,;]|$)",
)
_BARE_P_FOLDED = re.compile(BARE_P.pattern.replace(r"\bp", r"\b[pP]"))
OTHER_CONSORT = re.compile(r"\bCONSORT\s+(?:statement\s+)?(?:1996|2001|2010)\b", re.IGNORECASE)
ITEM = re.compile(r"\bCONSORT\s+(?:2025\s+)?item\s+([0-9]{1,2}[a-z]?)\b", re.IGNORECASE)
REMEDY = (
    "Take the number out of the sentence that speaks of blocks, or, where it counts something else, "
    "say that in a sentence of its own"
)
_GUIDELINE_YEAR = re.compile(r"[0-9]{4}")


def bare_p_in_words(evidence: Evidence) -> Iterator[Notice]:
    """R06: "p > 0.05", "p = 0.000" or "NS" in the author's words."""
    for statement, sentence in evidence.sentences():
        found = _BARE_P_FOLDED.search(sentence)
        if found:
            yield error(
                f"{statement.file} says \N{LEFT DOUBLE QUOTATION MARK}{found.group().strip()}"
                "\N{RIGHT DOUBLE QUOTATION MARK}.",
                "Give the effect with its interval, then the exact p value.",
                place=statement.file,
            )


def another_guideline(evidence: Evidence) -> Iterator[Notice]:
    """R17: another version of the guideline than this report's, or its numbers."""
    guideline = consort_2025()
    chosen = evidence.protocol.trial.guideline
    if chosen.casefold() != guideline.name.casefold():
        year = _GUIDELINE_YEAR.search(chosen)
        newer = year is not None and year.group() > "2025"
        yield error(
            f"The protocol chooses {chosen}, but this report and its checklist follow "
            f"{guideline.name}{', which is older' if newer else ''}; their numbers differ.",
            f"Set [trial] guideline = '{guideline.name}', or report with a version of trialkit that "
            f"knows {chosen}.",
            place="[trial] guideline",
        )
    for statement, sentence in evidence.sentences():
        other = OTHER_CONSORT.search(sentence)
        if other:
            yield warning(
                f"{statement.file} names {other.group()}; this report follows {guideline.name}.",
                "Use the numbers of the version that the report follows.",
                place=statement.file,
            )
        for number in ITEM.findall(sentence):
            if not any(each == number or each[:-1] == number for each in guideline.numbers):
                yield warning(
                    f"{statement.file} names CONSORT item {number}, which {guideline.name} does "
                    "not have.",
                    "It may be a number of an older version; use the one of this report.",
                    place=statement.file,
                )


def block_sizes_in_words(evidence: Evidence) -> Iterator[Notice]:
    """R18: words of the protocol that name block sizes, and that protocol mode would print."""
    for place in leaks(evidence.protocol):
        yield error(
            f"{place} names block sizes, which 'trialkit protocol' would make public before the "
            "last participant is randomised.",
            f"{REMEDY}; the report prints [randomisation] block_sizes by itself.",
            place=place,
        )


def leaks(protocol: Protocol) -> tuple[str, ...]:
    """The free texts of the protocol that name block sizes, by table and key."""
    randomisation, trial = protocol.randomisation, protocol.trial
    of_randomisation = {
        "[randomisation] generated_by": randomisation.generated_by,
        "[randomisation] sequence": randomisation.sequence,
        "[randomisation] concealment": randomisation.concealment,
        "[randomisation] concealment_steps": randomisation.concealment_steps,
        "[randomisation] implementation": randomisation.implementation,
    }
    others = {
        "[blinding] how": (protocol.blinding.how,),
        "[blinding] similarity": (protocol.blinding.similarity,),
        "[randomisation] strata": randomisation.strata,
        "[trial] changes": trial.changes,
        "[trial] setting": (trial.setting,),
        "[sample_size] justification": (
            (protocol.sample_size.justification,) if protocol.sample_size else ()
        ),
    }
    return (
        *(
            place
            for place, text in of_randomisation.items()
            if told_size(text, randomisation, of_randomisation=True)
        ),
        *(
            place
            for place, texts in others.items()
            if any(told_size(text, randomisation) for text in texts)
        ),
    )


def leaks_in_words(protocol: Protocol) -> str:
    """The places that name block sizes, in a line; empty when there are none."""
    found = leaks(protocol)
    return listing(list(found)) if found else ""
