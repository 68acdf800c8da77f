"""The lint: errors of reporting that can be seen in protocol, results and statements."""
