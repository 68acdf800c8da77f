"""Effects in subgroups, as a plan may ask for them."""

from dataclasses import dataclass

from trialkit.protocol.methods.method import Method, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups:
    """The arms' difference in each level of a baseline characteristic, and the interaction.

    Continuous outcomes by ANCOVA with ``covariates``, binary ones by proportions.
    """

    by: str
    method: Method = Method.SUBGROUPS
    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL
