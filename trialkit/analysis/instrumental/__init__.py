"""What was received, with the arm as instrument: effects in who complies, and by dose."""
