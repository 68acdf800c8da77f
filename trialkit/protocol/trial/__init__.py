"""The trial itself: registration, people, visits, outcomes, and what its report contains."""
