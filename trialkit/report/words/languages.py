"""The languages that a report can be written in, and what they say of the methods of a plan."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.errors import ReportError
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.methods import every_method as english
from trialkit.report.words.language.language import Language
from trialkit.report.words.language.method_words import AnyWords

LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {each.code: each for each in (Language(code="en", methods=english.METHODS),)}
)
"""Every language, by the code that ``[report] language`` names it by."""


def language_of(protocol: Protocol) -> Language:
    """The language that the protocol asks for; :class:`ReportError` where there is no such one."""
    code = protocol.report.language
    if code not in LANGUAGES:
        raise ReportError(
            f"protocol.toml: [report] language: found {code!r}; known are {', '.join(LANGUAGES)}"
        )
    return LANGUAGES[code]


def words_of(specification: Specification, protocol: Protocol) -> AnyWords:
    """What the report's language says of the method of a specification."""
    return language_of(protocol).methods[specification.method]


def short_name(specification: Specification, protocol: Protocol) -> str:
    """The method in a few words, as a table has it."""
    return words_of(specification, protocol).short_name(specification)
