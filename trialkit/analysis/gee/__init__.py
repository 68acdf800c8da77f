"""Binary outcomes, counts and values over several visits of a subject."""
