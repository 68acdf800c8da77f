"""The steps of the line, each in a module that loads what it needs; nothing here is written to a file."""
