"""What the log comes to and is kept beside it: rows, holds, marks, signatures and queries as they stand."""
