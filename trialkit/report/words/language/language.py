"""A language of the report, as far as what it says stands in a folder of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from trialkit.protocol.methods.method import Method
from trialkit.report.words.language.method_words import AnyWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language by its code, and what it says of every method of a plan."""

    code: str
    methods: Mapping[Method, AnyWords]
