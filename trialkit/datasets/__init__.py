"""From a snapshot to the datasets that analyses and reports read."""

from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import ArmFlow, Datasets, Disposition, Population, Reason

__all__ = ["ArmFlow", "Datasets", "Disposition", "Population", "Reason", "build_datasets"]
