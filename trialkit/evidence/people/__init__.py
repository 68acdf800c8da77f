"""Who may do what, where participants are, and what tells an arm: the gate that every door asks."""
