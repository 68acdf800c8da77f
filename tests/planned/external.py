"""Results of another program for the made-up trial, in whole and with a part replaced."""

from tests.report.factory import made_up_protocol
from trialkit.protocol.methods.external import External
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import Analysis, AnalysisRole, Plan
from trialkit.results.effect import Scale

ASKED = External(
    method=Method.EXTERNAL,
    file="external/cox.csv",
    program="R 4.5.1, survival 3.8-3",
    description="Cox regression with Efron's handling of ties",
    scale=Scale.HAZARD_RATIO,
)
SOUND = """\
arm,reference,stat_name,stat,note
A0,,n,8,
A1,,n,7,
A1,A0,estimate,0.71,
A1,A0,conf_low,0.52,
A1,A0,conf_high,0.97,
A1,A0,conf_level,0.95,
A1,A0,se,0.11,
A1,A0,p_value,0.031,
"""


def table_of(*, data_sha256: str) -> str:
    """The same file, which says in each row what data it was made from."""
    head, *rows = SOUND.splitlines()
    lines = [f"{head},data_sha256", *(f"{row},{data_sha256}" for row in rows)]
    return "\n".join(lines) + "\n"


def plan_with(asked: External | None, *, outcomes: tuple[str, ...] = ("pain",)) -> Plan:
    """A plan of that analysis alone."""
    if asked is None:
        return made_up_protocol().plan
    analysis = Analysis(
        id="cox",
        role=AnalysisRole.SECONDARY,
        outcomes=outcomes,
        population="itt",
        estimand="E1",
        specification=asked,
    )
    return Plan(analyses=(analysis,))
