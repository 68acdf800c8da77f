"""PWP's hazard of the next event, as planned."""

from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.recurrent_models import state_pwp
from trialkit.protocol.methods.pwp import Pwp

PWP = MethodCard(specification=Pwp, carry_out=state_pwp)
