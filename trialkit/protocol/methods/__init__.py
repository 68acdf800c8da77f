"""What a plan may name: methods with their options, estimands and directions."""
