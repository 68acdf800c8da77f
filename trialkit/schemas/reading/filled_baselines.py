"""What a baseline value that a regression fills in needs: another number at baseline."""

from collections.abc import Iterator, Sequence

from trialkit.errors import Complaint
from trialkit.protocol.methods.imputation import CovariateFill
from trialkit.protocol.methods.imputing_method import ImputingMethod
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.items.kind import Describes


def complain_of_filled_baselines(forms: Sequence[Form], protocol: Protocol) -> Iterator[Complaint]:
    """A complaint for every regression of the baseline value on no other number."""
    numbers = {
        f"{form.id}.{item.id}"
        for form in forms
        for item in form.items
        if item.kind.describes is Describes.BY_NUMBERS
    }
    for analysis in protocol.plan.analyses:
        reads = analysis.specification.reads
        if not isinstance(reads, ImputingMethod):
            continue
        if reads.baseline_fill is not CovariateFill.REGRESSION:
            continue
        named = [each for each in reads.imputed_from if each != BASELINE]
        if numbers.isdisjoint(named):
            yield Complaint(
                file="protocol.toml",
                table=f"analyses {analysis.id!r}",
                key="baseline_fill",
                found="'regression' of the baseline value on no other number: beside it stand "
                f"{', '.join(named) or 'no covariates'}",
                expected="a number measured at baseline among covariates, covariates_by_visit or "
                "auxiliary, such as age; or baseline_fill = 'mean'",
            )
