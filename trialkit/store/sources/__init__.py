"""Where the data of a trial come from: a folder, or tables in memory."""
