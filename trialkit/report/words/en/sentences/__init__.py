"""The sentences of a methods section in English, of a plan or of what was done."""
