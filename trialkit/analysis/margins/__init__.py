"""Non-inferiority and equivalence."""
