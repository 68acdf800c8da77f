# Reference values for trialkit/design: sample sizes and group-sequential designs.
# Rscript tests/reference/design/generate.R   (r-cran-pwr, r-cran-rpact); rewrites the two JSON files.
suppressMessages({library(pwr); library(rpact)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)[1]))
number <- function(x) ifelse(is.na(x), "null", ifelse(is.infinite(x), ifelse(x > 0, "Infinity", "-Infinity"), sprintf("%.15g", x)))
as_json <- function(x, indent = "") {
  if (is.list(x)) {
    inner <- paste0(indent, "  ")
    body <- vapply(names(x), function(n) paste0(inner, '"', n, '": ', as_json(x[[n]], inner)), "")
    return(paste0("{\n", paste(body, collapse = ",\n"), "\n", indent, "}"))
  }
  if (is.character(x)) return(paste0('"', x, '"'))
  values <- number(as.numeric(x))
  if (length(values) == 1) values else paste0("[", paste(values, collapse = ", "), "]")
}
write_json <- function(x, file) writeLines(as_json(x), file.path(here, file))
quiet <- function(expr) { out <- NULL; capture.output(out <- suppressWarnings(expr)); out }
versions <- list(R = as.character(getRversion()), pwr = as.character(packageVersion("pwr")), rpact = as.character(packageVersion("rpact")))

# ---- sample sizes ------------------------------------------------------------------------------
tight <- .Machine$double.eps^0.75
mixed <- function(k, m, f, rho, eps, n, effect) {
  df1 <- switch(effect, interaction = (k - 1) * (m - 1) * eps, within = (m - 1) * eps, between = k - 1)
  df2 <- if (effect == "between") n - k else (n - k) * (m - 1) * eps
  lambda <- if (effect == "between") f^2 * n * m / (1 + (m - 1) * rho) else f^2 * n * m * eps / (1 - rho)
  crit <- qf(.05, df1, df2, lower.tail = FALSE)
  c(lambda, crit, df1, df2, pf(crit, df1, df2, lambda, lower.tail = FALSE))
}
# Owen's Q by integration over the SD: both one-sided tests reject
tost <- function(n1, n2, delta, margin, sd, alpha) {
  df <- n1 + n2 - 2; scale <- sqrt(1 / n1 + 1 / n2); limit <- qt(alpha, df, lower.tail = FALSE)
  inside <- function(u) {
    s <- sd * sqrt(u / df); room <- limit * s * scale
    pmax(pnorm((margin - room - delta) / (sd * scale)) - pnorm((-margin + room - delta) / (sd * scale)), 0) * dchisq(u, df)
  }
  top <- df * (margin / (limit * scale * sd))^2
  integrate(inside, 0, min(top, qchisq(1e-16, df, lower.tail = FALSE)), rel.tol = 1e-12, subdivisions = 2000)$value
}
# the density of r (Hotelling 1953), its hypergeometric function as a series
density_of_r <- function(r, rho, n) {
  x <- (rho * r + 1) / 2; term <- rep(1, length(r)); total <- term
  for (k in 1:400) { term <- term * ((k - .5)^2 / ((n - .5 + k - 1) * k)) * x; total <- total + term }
  exp(log(n - 2) + lgamma(n - 1) + (n - 1) / 2 * log(1 - rho^2) + (n - 4) / 2 * log(1 - r^2) -
      .5 * log(2 * pi) - lgamma(n - .5) - (n - 1.5) * log(1 - rho * r)) * total
}
power_of_r <- function(rho, n, alpha = .05) {
  t <- qt(alpha / 2, n - 2, lower.tail = FALSE); limit <- t / sqrt(t^2 + n - 2)
  1 - integrate(density_of_r, -limit, limit, rho = rho, n = n, rel.tol = 1e-12)$value
}
tables <- function(n1, n2, p1, p2, test, alpha = .05) {
  total <- 0
  for (a in 0:n1) for (b in 0:n2) {
    m <- matrix(c(a, n1 - a, b, n2 - b), 2)
    p <- if (test == "fisher") fisher.test(m)$p.value else if (a + b == 0 || a + b == n1 + n2) 1 else
      suppressWarnings(chisq.test(m, correct = FALSE)$p.value)
    if (p <= alpha) total <- total + dbinom(a, n1, p1) * dbinom(b, n2, p2)
  }
  total
}
rates <- function(...) quiet(getSampleSizeRates(...))$nFixed
survival_events <- function(...) quiet(getSampleSizeSurvival(..., sided = 2, alpha = .05, beta = .2, eventTime = 12, pi2 = .5))$eventsFixed
write_json(list(
  pedigree = versions,
  two_sample_t = list(
    strict = power.t.test(delta = .5, power = .8, strict = TRUE, tol = tight)$n,
    lower_tail = power.t.test(delta = .5, power = .8, tol = tight)$n,
    pwr = pwr.t.test(d = .5, power = .8)$n,
    unequal_power = pwr.t2n.test(n1 = 28, n2 = 35, d = .5)$power,
    one_sided_power = power.t.test(n = 30, delta = .5, alternative = "one.sided")$power,
    direction_90 = 2 * power.t.test(delta = 10, sd = 24, power = .9, tol = 1e-13)$n,
    direction_2_to_1 = uniroot(function(n) pt(qt(.975, n - 2), n - 2, 10 / 24 / sqrt(1.5 / n + 3 / n), lower.tail = FALSE) - .8, c(100, 400), tol = 1e-12)$root,
    rpact_80 = quiet(getSampleSizeMeans(alternative = 10, stDev = 24, sided = 2, alpha = .05, beta = .2))$nFixed,
    rpact_90 = quiet(getSampleSizeMeans(alternative = 10, stDev = 24, sided = 2, alpha = .05, beta = .1))$nFixed,
    rpact_2_to_1 = quiet(getSampleSizeMeans(alternative = 10, stDev = 24, sided = 2, alpha = .05, beta = .2, allocationRatioPlanned = 2))$nFixed),
  paired_t = power.t.test(delta = .5, power = .8, type = "paired", strict = TRUE, tol = tight)$n,
  one_way_anova = pwr.anova.test(k = 4, f = .25, power = .8)$n,
  one_way_anova_power = pwr.anova.test(k = 4, f = .25, n = 45)$power,
  correlation_fisher_z = pwr.r.test(r = .3, power = .8)$n,
  correlation_exact_power = list(rho_0.3_n_84 = power_of_r(.3, 84), rho_0.6_n_12 = power_of_r(.6, 12)),
  chi_square = pwr.chisq.test(w = .3, df = 1, power = .8)$N,
  chi_square_df_4 = pwr.chisq.test(w = .3, df = 4, power = .8)$N,
  linear_model_v = pwr.f2.test(u = 1, f2 = .15, power = .8)$v,
  linear_model_v_u_3 = pwr.f2.test(u = 3, f2 = .15, power = .8)$v,
  two_proportions = list(
    arcsine = pwr.2p.test(h = ES.h(.4, .25), power = .8)$n,
    normal = power.prop.test(p1 = .4, p2 = .25, power = .8, tol = tight)$n,
    rpact = rates(pi1 = .4, pi2 = .25, sided = 2, alpha = .05, beta = .2),
    rpact_2_to_1 = rates(pi1 = .4, pi2 = .25, sided = 2, alpha = .05, beta = .2, allocationRatioPlanned = 2),
    chi_square_exact_20_25 = tables(25, 20, .7, .3, "chi"),
    fisher_exact_20_25 = tables(25, 20, .7, .3, "fisher")),
  mixed_anova = list(
    k2_m2_n34 = mixed(2, 2, .25, .5, 1, 34, "interaction"), k2_m2_n46 = mixed(2, 2, .25, .5, 1, 46, "interaction"),
    k2_m4_n30_eps = mixed(2, 4, .25, .5, .75, 30, "interaction"), k3_m3_n36 = mixed(3, 3, .25, .5, 1, 36, "interaction"),
    within_m3_n28 = mixed(1, 3, .25, .5, 1, 28, "within"), between_m2_n98 = mixed(2, 2, .25, .5, 1, 98, "between")),
  non_inferiority_means = quiet(getSampleSizeMeans(alternative = 0, thetaH0 = -1.5, stDev = 3.5, sided = 1, alpha = .025, beta = .2))$nFixed,
  non_inferiority_means_2_to_1 = quiet(getSampleSizeMeans(alternative = .5, thetaH0 = -1.5, stDev = 3.5, sided = 1, alpha = .025, beta = .1, allocationRatioPlanned = 2))$nFixed,
  non_inferiority_proportions = list(
    r85 = rates(pi1 = .85, pi2 = .85, thetaH0 = -.1, sided = 1, alpha = .025, beta = .1),
    r70 = rates(pi1 = .7, pi2 = .7, thetaH0 = -.1, sided = 1, alpha = .025, beta = .2),
    r85_80_2_to_1 = rates(pi1 = .8, pi2 = .85, thetaH0 = -.15, sided = 1, alpha = .025, beta = .2, allocationRatioPlanned = 2)),
  equivalence_means_power = list(n20 = tost(20, 20, 0, 1, 1, .05), n12_24 = tost(12, 24, .3, 1.2, 1, .025), n86 = tost(86, 86, 0, 1, 2, .025)),
  log_rank = list(
    schoenfeld = survival_events(hazardRatio = .7, typeOfComputation = "Schoenfeld"),
    freedman = survival_events(hazardRatio = .7, typeOfComputation = "Freedman"),
    schoenfeld_2_to_1 = survival_events(hazardRatio = .7, typeOfComputation = "Schoenfeld", allocationRatioPlanned = 2),
    freedman_2_to_1 = survival_events(hazardRatio = .7, typeOfComputation = "Freedman", allocationRatioPlanned = 2)),
  mann_whitney = power.t.test(delta = .5, power = .8, strict = TRUE, tol = tight)$n * pi / 3,
  signed_rank = power.t.test(delta = .5, power = .8, type = "paired", strict = TRUE, tol = tight)$n * pi / 3
), "sample_size.json")

# ---- group-sequential designs ------------------------------------------------------------------
described <- function(...) {
  d <- quiet(getDesignGroupSequential(..., tolerance = 1e-10)); ch <- quiet(getDesignCharacteristics(d))
  list(upper = as.numeric(d$criticalValues), futility = as.numeric(d$futilityBounds), spent = as.numeric(d$alphaSpent),
       inflation = ch$inflationFactor, expected = c(ch$averageSampleNumber1, ch$averageSampleNumber01, ch$averageSampleNumber0))
}
designs <- list()
for (type in c("OF", "P", "asOF", "asP")) for (k in 2:5)
  designs[[paste0(type, "_", k)]] <- described(kMax = k, alpha = .025, beta = .1, sided = 1, typeOfDesign = type)
one <- function(...) described(..., alpha = .025, sided = 1)
designs$asOF_unequal <- one(typeOfDesign = "asOF", informationRates = c(.33, .7, 1), beta = .2)
designs$asOF_actual <- one(typeOfDesign = "asOF", informationRates = c(.4, .75, 1), beta = .1)
designs$HSD_m4_5 <- one(typeOfDesign = "asHSD", gammaA = -4, kMax = 5, beta = .1)
designs$HSD_2_4 <- one(typeOfDesign = "asHSD", gammaA = 2, kMax = 4, beta = .1)
designs$KD_2_4 <- one(typeOfDesign = "asKD", gammaA = 2, kMax = 4, beta = .1)
designs$WT_25_3 <- one(typeOfDesign = "WT", deltaWT = .25, kMax = 3, beta = .1)
designs$user <- one(typeOfDesign = "asUser", userAlphaSpending = c(.001, .01, .025), informationRates = c(.45, .8, 1), beta = .1)
designs$asOF_bsOF <- one(typeOfDesign = "asOF", typeBetaSpending = "bsOF", bindingFutility = FALSE, kMax = 3, beta = .1)
designs$asOF_bsOF_binding <- one(typeOfDesign = "asOF", typeBetaSpending = "bsOF", bindingFutility = TRUE, kMax = 3, beta = .1)
designs$asP_bsP_binding <- one(typeOfDesign = "asP", typeBetaSpending = "bsP", bindingFutility = TRUE, kMax = 4, beta = .2)
designs$asOF_futility <- one(typeOfDesign = "asOF", informationRates = c(.3, .6, 1), futilityBounds = c(0, -6), bindingFutility = FALSE, beta = .2)
designs$asOF_futility_0_0 <- one(typeOfDesign = "asOF", kMax = 3, futilityBounds = c(0, 0), bindingFutility = FALSE, beta = .2)
designs$OF_futility_binding <- one(typeOfDesign = "OF", kMax = 3, futilityBounds = c(0, .5), bindingFutility = TRUE, beta = .1)
designs$OF_two_sided <- described(kMax = 3, alpha = .05, beta = .2, sided = 2, typeOfDesign = "OF")
designs$asP_two_sided <- described(kMax = 3, alpha = .05, beta = .1, sided = 2, typeOfDesign = "asP")
spent <- function(t) 2 * pnorm(qnorm(.025 / 2) / sqrt(t))
over <- quiet(getDesignGroupSequential(alpha = .025, sided = 1, typeOfDesign = "asUser", userAlphaSpending = c(spent(.4), spent(.75), .025), informationRates = c(.4, .75, 1.1) / 1.1, tolerance = 1e-10))
under <- quiet(getDesignGroupSequential(alpha = .025, sided = 1, typeOfDesign = "asUser", userAlphaSpending = c(spent(.4), .025), informationRates = c(.4, .9) / .9, tolerance = 1e-10))

sized <- function(design, ...) { s <- quiet(getSampleSizeMeans(design, ...)); list(n = as.numeric(s$numberOfSubjects), expected = s$expectedNumberOfSubjectsH1, reject = as.numeric(s$rejectPerStage)) }
gs <- function(...) quiet(getDesignGroupSequential(..., tolerance = 1e-10))
sizes <- list(
  futility_2_to_1 = sized(gs(informationRates = c(.3, .6, 1), alpha = .025, beta = .2, sided = 1, typeOfDesign = "asOF", futilityBounds = c(0, -Inf), bindingFutility = FALSE), alternative = 10, stDev = 24, allocationRatioPlanned = 2),
  futility_0_0 = sized(gs(kMax = 3, alpha = .025, beta = .2, sided = 1, typeOfDesign = "asOF", futilityBounds = c(0, 0), bindingFutility = FALSE), alternative = 2, stDev = 5),
  two_sided_of = sized(gs(kMax = 3, alpha = .05, beta = .2, sided = 2, typeOfDesign = "OF"), alternative = 10, stDev = 24))

planned <- getDesignGroupSequential(kMax = 3, alpha = .025, beta = .1, sided = 1, typeOfDesign = "asOF", tolerance = 1e-10)
data <- getDataset(n1 = c(20, 20), n2 = c(20, 20), means1 = c(12, 11), means2 = c(8, 7.5), stDevs1 = c(6, 5.5), stDevs2 = c(6, 6.2))
results <- quiet(getAnalysisResults(planned, data, stage = 2))
stage <- quiet(getStageResults(planned, data, stage = 2))
analysis <- list(
  sd = stage$overallStDevs[1:2], t = stage$overallTestStatistics[1:2],
  rci_lower = as.numeric(results$repeatedConfidenceIntervalLowerBounds)[1:2], rci_upper = as.numeric(results$repeatedConfidenceIntervalUpperBounds)[1:2],
  repeated_p = as.numeric(results$repeatedPValues)[1:2], crp = as.numeric(results$conditionalRejectionProbabilities)[1:2],
  final_p = as.numeric(results$finalPValues)[2], final_lower = as.numeric(results$finalConfidenceIntervalLowerBounds)[2],
  final_upper = as.numeric(results$finalConfidenceIntervalUpperBounds)[2], median_unbiased = as.numeric(results$medianUnbiasedEstimates)[2])
write_json(list(pedigree = versions, designs = designs,
  actual = list(over = as.numeric(over$criticalValues), under = as.numeric(under$criticalValues)), sizes = sizes, analysis = analysis), "group_sequential.json")
