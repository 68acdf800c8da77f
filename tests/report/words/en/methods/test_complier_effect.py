"""An effect in who complies is told with what it takes for granted."""

from tests.report.words.specifications import told
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.report.words.en.methods.complier_effect import WORDS


def test_the_assumptions_stand_in_the_description() -> None:
    text = WORDS.describe(ComplierEffect(), told())
    assert text.startswith(
        "complier average causal effect on the final value (week 8), by two-stage least squares with the "
        "allocated arm as instrument of what was received, adjusted for the outcome's baseline value, "
        "with heteroscedasticity consistent errors (HC1). The effect is that of receiving"
    )
    for assumed in (
        "the arm changes the outcome through what is received and in no other way",
        "nobody would do the opposite of their allocation",
        "changes nobody else's outcome",
        "(the first stage) is given with its F",
    ):
        assert assumed in text
    assert "with errors of one variance" in WORDS.describe(ComplierEffect(robust=None), told())
    assert WORDS.short_name(ComplierEffect()) == "complier average causal effect, final value"
