"""From a snapshot to the datasets that analyses and reports read."""
