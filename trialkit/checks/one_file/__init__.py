"""One file of any size judged as it streams by."""
