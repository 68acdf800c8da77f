"""What is described and not tested: summaries, balance, adherence, harms."""
