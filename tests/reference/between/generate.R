# Reference values that R's base packages give, written next to this script.
#   cd tests/reference/between && Rscript generate.R
# R 4.2.2, packages stats, boot. No package beyond R's own distribution is needed.
options(digits = 17)

number <- function(x) ifelse(is.na(x), "null", ifelse(is.infinite(x), ifelse(x > 0, "\"inf\"", "\"-inf\""), sprintf("%.17g", x)))
as_json <- function(x) {
  if (is.list(x)) {
    fields <- vapply(names(x), function(n) paste0("\"", n, "\": ", as_json(x[[n]])), "")
    return(paste0("{", paste(fields, collapse = ",\n"), "}"))
  }
  if (is.character(x)) {
    if (length(x) == 1) return(paste0("\"", x, "\""))
    return(paste0("[", paste0("\"", x, "\"", collapse = ", "), "]"))
  }
  if (length(x) == 1 && is.null(attr(x, "vector"))) return(number(x))
  paste0("[", paste(number(x), collapse = ", "), "]")
}
vector <- function(x) structure(as.numeric(x), vector = TRUE)
write_json <- function(x, file) writeLines(as_json(x), file)
tight <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-15, maxiter = 10000)$root

# --- noncentral t limits of standardised differences, solved to full precision -------------------
ncp_limits <- function(t, df, level = 0.95) {
  a <- (1 - level) / 2
  c(tight(function(d) pt(t, df, d, lower.tail = FALSE) - a, t - 8, t + 8),
    tight(function(d) pt(t, df, d) - a, t - 8, t + 8))
}
cases <- list(c(1.66774969184481, 53), c(3.29916, 41), c(-2.2, 5), c(0, 12), c(4.5, 24), c(-2.06, 24), c(1.2, 1.5), c(6, 200))
limits <- lapply(cases, function(x) list(t = x[1], df = x[2], limits = vector(ncp_limits(x[1], x[2]))))
names(limits) <- paste0("case", seq_along(limits))
write_json(limits, "noncentral_t.json")

# --- conditional odds ratios, solved to full precision -------------------------------------------
conditional <- function(a, b, c, d, level = 0.95) {
  n1 <- a + b; n2 <- c + d; k <- a + c
  support <- max(0, k - n2):min(n1, k)
  logd <- dhyper(support, n1, n2, k, log = TRUE)
  p <- function(u) { w <- exp(logd + u * support - max(logd + u * support)); w / sum(w) }
  root <- function(f) exp(tight(f, -30, 30))
  al <- (1 - level) / 2
  lo <- a == min(support); hi <- a == max(support)
  list(
    table = vector(c(a, b, c, d)),
    p_value = fisher.test(matrix(c(a, b, c, d), 2, byrow = TRUE))$p.value,
    mle = if (lo) 0 else if (hi) Inf else root(function(u) sum(p(u) * support) - a),
    low = if (lo) 0 else root(function(u) sum(p(u)[support >= a]) - al),
    high = if (hi) Inf else root(function(u) sum(p(u)[support <= a]) - al),
    mid_p = if (lo) 0 else if (hi) Inf else root(function(u) sum(p(u)[support > a]) + p(u)[support == a] / 2 - 0.5),
    mid_p_low = if (lo) 0 else root(function(u) sum(p(u)[support > a]) + p(u)[support == a] / 2 - al),
    mid_p_high = if (hi) Inf else root(function(u) sum(p(u)[support > a]) + p(u)[support == a] / 2 - (1 - al))
  )
}
tables <- list(c(27, 268, 52, 255), c(56, 14, 48, 32), c(9, 1, 3, 7), c(6, 1, 2, 5), c(5, 51, 0, 29), c(0, 13, 4, 9), c(11, 2, 5, 8), c(1, 99, 7, 93))
odds <- lapply(tables, function(x) do.call(conditional, as.list(x)))
names(odds) <- vapply(tables, function(x) paste(x, collapse = "_"), "")
write_json(odds, "conditional_odds_ratio.json")

# --- stratified tables ----------------------------------------------------------------------------
indo <- read.csv("medicaldata_indo_rct.csv")
event <- as.integer(indo$outcome == "1_yes"); arm <- factor(indo$rx, c("1_indomethacin", "0_placebo"))
counts <- table(factor(event, c(1, 0)), arm, indo$site)
informative <- counts[, , apply(counts, 3, function(x) all(colSums(x) > 0))]
mh <- mantelhaen.test(informative, correct = FALSE); mhc <- mantelhaen.test(informative, correct = TRUE)
sex <- indo$gender; treated <- as.integer(indo$rx == "1_indomethacin")
lr <- function(by) {
  common <- glm(event ~ factor(by) + treated, family = binomial, control = list(epsilon = 1e-15, maxit = 100))
  each <- glm(event ~ factor(by) * treated, family = binomial, control = list(epsilon = 1e-15, maxit = 100))
  test <- anova(common, each, test = "Chisq")
  list(statistic = test$Deviance[2], df = test$Df[2], p = test$`Pr(>Chi)`[2])
}
risk <- cut(indo$risk, c(0, 1.5, 2.5, 10), labels = c("low", "middle", "high"))
by_sex <- table(factor(event, c(1, 0)), arm, sex)
mhs <- mantelhaen.test(by_sex, correct = FALSE)
write_json(list(
  site = list(statistic = mh$statistic, p = mh$p.value, statistic_corrected = mhc$statistic, p_corrected = mhc$p.value,
    odds_ratio = mh$estimate, limits = vector(mh$conf.int)),
  sex = list(statistic = mhs$statistic, p = mhs$p.value, odds_ratio = mhs$estimate, limits = vector(mhs$conf.int)),
  interaction_sex = lr(sex), interaction_risk = lr(risk)
), "stratified.json")

# --- margins --------------------------------------------------------------------------------------
x <- c(-1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4); y <- c(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0, 1.1)
side <- function(mu, alternative, equal) { t <- t.test(x, y, mu = mu, alternative = alternative, var.equal = equal); c(t$statistic, t$p.value) }
write_json(list(
  x = vector(x), y = vector(y), margin = 1.5,
  welch_higher = vector(side(-1.5, "greater", FALSE)), welch_lower = vector(side(1.5, "less", FALSE)),
  student_higher = vector(side(-1.5, "greater", TRUE)), student_lower = vector(side(1.5, "less", TRUE)),
  welch_95 = vector(t.test(x, y)$conf.int), welch_90 = vector(t.test(x, y, conf.level = 0.9)$conf.int)
), "margins.json")

# --- re-randomisation, by complete enumeration ----------------------------------------------------
y <- c(12, 15, 11, 18, 14, 9, 17, 16, 20, 13, 19, 21); z <- c(3, 5, 2, 6, 4, 1, 6, 5, 7, 3, 6, 8)
given <- c(0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1)
four <- apply(combn(4, 2), 2, function(i) replace(numeric(4), i, 1))
blocked <- do.call(cbind, lapply(1:6, function(i) do.call(cbind, lapply(1:6, function(j) sapply(1:6, function(k) c(four[, i], four[, j], four[, k]))))))
free <- apply(combn(12, 6), 2, function(i) replace(numeric(12), i, 1))
difference <- function(w) mean(y[w == 1]) - mean(y[w == 0])
adjusted <- function(w) unname(coef(lm(y ~ w + z))[2])
count <- function(all, effect) { e <- apply(all, 2, effect); sum(abs(e) >= abs(effect(given)) - 1e-9) }
write_json(list(
  y = vector(y), z = vector(z), arm = vector(given), block = vector(rep(1:3, each = 4)),
  difference = difference(given), adjusted = adjusted(given),
  blocked = vector(c(count(blocked, difference), ncol(blocked))), free = vector(c(count(free, difference), ncol(free))),
  blocked_adjusted = vector(c(count(blocked, adjusted), ncol(blocked))), free_adjusted = vector(c(count(free, adjusted), ncol(free))),
  darwin = vector(c(49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)), darwin_two_sided = vector(c(1726, 32768))
), "rerandomisation.json")

# --- bootstrap ------------------------------------------------------------------------------------
library(boot)
set.seed(20250101)
sleep <- read.csv("datasets_sleep.csv")
effect <- function(d, i) { d <- d[i, ]; mean(d$extra[d$group == 2]) - mean(d$extra[d$group == 1]) }
b <- boot(sleep, effect, R = 200000, strata = sleep$group)
ci <- boot.ci(b, type = "bca", L = empinf(b, type = "jack"))
write_json(list(estimate = b$t0, se = sd(b$t), bca = vector(ci$bca[4:5]), replicates = 200000), "bootstrap.json")

# --- rank and t tests in small, tied and lopsided samples -----------------------------------------
small <- list(
  tied = list(x = c(1, 1, 2, 2, 3, 5), y = c(1, 2, 3, 3, 4, 5, 5)),
  distinct = list(x = c(1.1, 2.7, 3.9, 8.2), y = c(0.3, 1.9, 2.2, 2.5, 3.1, 4.4, 5.0)),
  lopsided = list(x = c(10.5, 11), y = c(7, 8, 9, 9.5, 10, 10.2, 12, 6, 5)),
  far = list(x = c(101, 102, 103, 104, 105), y = c(1, 2, 3, 4, 5, 6))
)
tests <- lapply(small, function(s) {
  x <- s$x; y <- s$y
  w <- t.test(x, y); st <- t.test(x, y, var.equal = TRUE)
  nocc <- suppressWarnings(wilcox.test(x, y, exact = FALSE, correct = FALSE)); cc <- suppressWarnings(wilcox.test(x, y, exact = FALSE))
  less <- suppressWarnings(wilcox.test(x, y, exact = FALSE, alternative = "less"))
  greater <- suppressWarnings(wilcox.test(x, y, exact = FALSE, alternative = "greater"))
  ranks <- rank(c(x, y)); all <- combn(length(ranks), length(x)); sums <- colSums(matrix(ranks[all], length(x)))
  seen <- sum(ranks[seq_along(x)]); centre <- length(x) * (length(ranks) + 1) / 2
  exact <- if (anyDuplicated(c(x, y))) NA else wilcox.test(x, y, exact = TRUE)$p.value
  limits <- if (anyDuplicated(c(x, y))) c(NA, NA) else wilcox.test(x, y, exact = TRUE, conf.int = TRUE)$conf.int
  list(x = vector(x), y = vector(y), welch = vector(c(w$statistic, w$parameter, w$p.value, w$conf.int)),
    student = vector(c(st$statistic, st$parameter, st$p.value, st$conf.int)),
    w = nocc$statistic, p_nocc = nocc$p.value, p_cc = cc$p.value, p_less = less$p.value, p_greater = greater$p.value,
    p_permutation = mean(abs(sums - centre) >= abs(seen - centre) - 1e-9),
    p_permutation_less = mean(sums <= seen + 1e-9), p_permutation_greater = mean(sums >= seen - 1e-9),
    p_exact = exact, limits = vector(limits),
    kruskal = vector(unlist(kruskal.test(list(x, y))[c("statistic", "p.value")])),
    welch_anova = vector(unlist(oneway.test(v ~ g, data.frame(v = c(x, y), g = rep(1:2, c(length(x), length(y)))))[c("statistic", "p.value")])))
})
write_json(tests, "small_samples.json")

# --- adjusted p values: ties, ones, zeros, a long family ------------------------------------------
set.seed(7)
families <- list(a = c(0.5), b = c(0.01, 0.01, 0.04, 1), c = c(0, 0.2, 0.9), d = signif(runif(25)^3, 6), e = c(0.03, 0.021, 0.021, 0.5, 0.004, 0.0201))
adjusted_families <- lapply(families, function(p) c(list(p = vector(p)), lapply(setNames(nm = c("bonferroni", "holm", "hochberg", "hommel", "BH", "BY")), function(m) vector(p.adjust(p, m)))))
write_json(adjusted_families, "padjust_more.json")
