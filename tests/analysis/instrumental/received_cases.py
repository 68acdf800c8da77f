"""Made-up trials in which not everybody received what the arm offered."""

import numpy as np
import pandas as pd


def made_up(seed: int, *, n: int = 120, sides: int = 2) -> pd.DataFrame:
    """Two arms; ``sides`` of them in which some do not do what the arm says; one covariate."""
    rng = np.random.default_rng(seed)
    arm = np.arange(n) % 2
    keen = rng.normal(size=n)
    would, could = keen > -0.6, (keen > 1.2) & (sides == 2)
    received = np.where(arm == 1, would, could)
    sessions = received * rng.integers(3, 13, n)
    x = rng.normal(size=n)
    return pd.DataFrame(
        {
            "arm": np.where(arm == 1, "E", "C"),
            "received": received.astype(int),
            "sessions": sessions,
            "x": x,
            "y": 5 + 2 * received + keen + x + rng.normal(size=n) * (1 + received),
        }
    )
