from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from tests.report.words.specifications import told
from tests.variations import specification_of
from trialkit.errors import ReportError
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.report.words.language.language import Language
from trialkit.report.words.languages import LANGUAGES, language_of, words_of


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_has_words_for_every_method_of_the_plan(language: Language) -> None:
    assert language.methods.keys() == SPECIFICATIONS.keys()
    for method, words in language.methods.items():
        specification = specification_of(method)
        for text in (
            words.describe(specification, told()),
            words.short_name(specification),
        ):
            assert text
            assert "_" not in text.replace("demographics.", "")
            assert "None" not in text
            assert not text.endswith(".")


def test_the_protocol_chooses_the_language() -> None:
    protocol = made_up_protocol()
    assert language_of(protocol) is LANGUAGES["en"]
    specification = specification_of(Method.ANCOVA)
    assert words_of(specification, protocol) is LANGUAGES["en"].methods[Method.ANCOVA]


def test_an_unknown_language_lists_the_known_ones() -> None:
    protocol = made_up_protocol()
    other = replace(protocol, report=replace(protocol.report, language="xx"))
    with pytest.raises(ReportError, match="found 'xx'; known are en"):
        language_of(other)
