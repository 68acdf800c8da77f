"""The store: files read and written whole, and the snapshot of a trial's data."""
