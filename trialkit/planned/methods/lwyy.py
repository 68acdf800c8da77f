"""LWYY's rate ratio of events that happen again, as planned."""

from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.recurrent_models import state_lwyy
from trialkit.protocol.methods.lwyy import Lwyy

LWYY = MethodCard(specification=Lwyy, carry_out=state_lwyy)
