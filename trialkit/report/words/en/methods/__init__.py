"""The methods of a plan in English, one module a specification."""
