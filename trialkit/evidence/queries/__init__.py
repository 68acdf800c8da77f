"""The queries of a store, read from its log and written into it."""
