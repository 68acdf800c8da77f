"""The one list of what a row of the results can state."""

from enum import StrEnum


class Stat(StrEnum):
    """The name of a statistic in ``results.csv`` and in every ``to_frame()``."""

    # counts
    N = "n"
    N_MISSING = "n_missing"
    N_EXCLUDED = "n_excluded"
    EVENTS = "events"
    """Participants with the event."""
    N_EVENTS = "n_events"
    """Events, of which a participant may have several."""
    PLANNED = "planned"
    PRESCRIBED = "prescribed"
    ATTENDED = "attended"
    # description
    MEAN = "mean"
    SD = "sd"
    MEDIAN = "median"
    Q1 = "q1"
    Q3 = "q3"
    MIN = "min"
    MAX = "max"
    PERCENT = "percent"
    # estimates and tests
    ESTIMATE = "estimate"
    SE = "se"
    DF = "df"
    DF_NUM = "df_num"
    DF_DEN = "df_den"
    STATISTIC = "statistic"
    P_VALUE = "p_value"
    P_ADJUSTED = "p_adjusted"
    CONF_LOW = "conf_low"
    CONF_HIGH = "conf_high"
    CONF_LEVEL = "conf_level"
    # analysis of variance
    SUM_OF_SQUARES = "sum_of_squares"
    SUM_SQUARES = "sum_squares"
    ERROR_SUM_SQUARES = "error_sum_squares"
    PARTIAL_ETA_SQUARED = "partial_eta_squared"
    PARTIAL_ETA_SQUARED_CONF_LOW = "partial_eta_squared_conf_low"
    PARTIAL_ETA_SQUARED_CONF_HIGH = "partial_eta_squared_conf_high"
    GENERALISED_ETA_SQUARED = "generalised_eta_squared"
    EPSILON_GG = "epsilon_gg"
    EPSILON_HF = "epsilon_hf"
    P_VALUE_GG = "p_value_gg"
    P_VALUE_HF = "p_value_hf"
    MAUCHLY_W = "mauchly_w"
    MAUCHLY_P_VALUE = "mauchly_p_value"
    # standardised differences
    HEDGES_G = "hedges_g"
    HEDGES_G_CONF_LOW = "hedges_g_conf_low"
    HEDGES_G_CONF_HIGH = "hedges_g_conf_high"
    # binary outcomes
    RISK_DIFFERENCE = "risk_difference"
    RISK_RATIO = "risk_ratio"
    ODDS_RATIO = "odds_ratio"
    NNT = "nnt"
    # non-inferiority and equivalence
    MARGIN = "margin"
    # models
    LOG_LIKELIHOOD = "log_likelihood"
    AIC = "aic"
    BIC = "bic"
    COVARIANCE = "covariance"
    CORRELATION = "correlation"
