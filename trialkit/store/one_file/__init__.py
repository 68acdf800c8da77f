"""One file of any size scanned, and its keys counted."""
