"""Protocol deviations that the data propose, and the log in which people decide on them."""
