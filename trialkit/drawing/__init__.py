"""What report and notebook draw alike: plain numbers on axes."""
