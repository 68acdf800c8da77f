"""Pages that are no report: findings, codebook, blank forms."""
