"""A three-arm physiotherapy trial without a fault, and the errors that a monitor has seen."""
