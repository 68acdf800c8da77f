"""What a distribution is asked about: a number, or an array of them."""

import numpy as np

Numbers = float | np.ndarray
