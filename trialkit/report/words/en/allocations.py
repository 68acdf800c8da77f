"""What tests among allocations share in English: which of them were gone through."""

from trialkit.report.numbers.numbers import count
from trialkit.report.words.language.method_words import Telling
from trialkit.results.notes import allocations_of
from trialkit.results.vocabulary import Stat

ALLOWED = "the allocations that the randomisation allowed"


def allocations_used(allowed: str, told: Telling, *, replicates: int, seed: int) -> str:
    """All that are ``allowed``, where the results say that they could be gone through; else so many of them."""
    found = [allocations_of(note) for _, note in told.notes(Stat.P_VALUE)]
    if found and all(each.exact for each in found):
        numbers = dict.fromkeys(count(each.number) for each in found)
        return f"all {allowed} ({' and '.join(numbers)})"
    return f"{allowed} ({count(replicates)} replicates, seed {seed})"
