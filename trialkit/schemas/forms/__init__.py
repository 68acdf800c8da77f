"""What a form is: items, types, rules, built-in columns, and its text as a file."""
