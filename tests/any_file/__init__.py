"""Every kind of file that the product reads: what a sound one is, what reads it, how it is harmed."""
