"""The mixed model for repeated measures (MMRM), which `trialkit.analysis.mmrm` fits."""
