"""Linear mixed models of trials with clusters, sites, therapists, groups and periods."""
