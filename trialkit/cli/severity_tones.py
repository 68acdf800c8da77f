"""How grave a finding is on the screen."""

from trialkit.cli.tone import Tone
from trialkit.schemas.forms.forms import Severity

TONES = {Severity.HARD: Tone.ERROR, Severity.SOFT: Tone.WARNING, Severity.NOTE: Tone.PLAIN}
"""How a finding is shown."""
