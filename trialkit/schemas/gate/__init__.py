"""The gate through which typed values pass: the rules of items, all of a form at once."""
