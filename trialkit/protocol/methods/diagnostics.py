"""The assumptions that an analysis is checked for, by the names that its results use."""

from enum import StrEnum


class Check(StrEnum):
    """What a diagnostic row is about."""

    NORMALITY = "normality_of_residuals"
    EQUAL_VARIANCE = "homogeneity_of_variance"
    EQUAL_COVARIANCE = "homogeneity_of_covariance"
    SPHERICITY = "sphericity"
    EQUAL_SLOPES = "homogeneity_of_slopes"
    INFLUENCE = "influential_subject"
    PROPORTIONALITY = "proportionality_of_odds"
    PROPORTIONAL_HAZARDS = "proportionality_of_hazards"
    PAIRWISE = "pairwise_test"
