"""When a plan was made: its content locked on a day, and what became of it since."""
