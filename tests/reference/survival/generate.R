# Reference values beyond those that were given, written next to this script.
#   cd tests/reference/survival && Rscript generate.R
# R 4.2.2 with survival 3.5-3 and cmprsk 2.2-11.
suppressMessages({library(survival); library(cmprsk)})
options(digits = 17)
number <- function(x) ifelse(is.na(x), "null", sprintf("%.17g", x))
as_json <- function(x) {
  if (is.list(x)) {
    fields <- vapply(names(x), function(n) paste0("\"", n, "\": ", as_json(x[[n]])), "")
    return(paste0("{", paste(fields, collapse = ",\n"), "}"))
  }
  if (is.character(x)) return(paste0("[", paste0("\"", x, "\"", collapse = ", "), "]"))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, as_json), collapse = ", "), "]"))
  paste0("[", paste(number(x), collapse = ", "), "]")
}
gehan <- read.csv("MASS_gehan.csv"); gehan$arm <- factor(gehan$arm, c("control", "6-MP"))
veteran <- read.csv("survival_veteran.csv"); veteran$arm <- factor(veteran$arm)
colon <- read.csv("survival_colon_recurrence.csv"); colon$arm <- factor(colon$arm, c("Obs", "Lev", "Lev+5FU"))
mgus <- read.csv("survival_mgus2.csv")
cgd <- read.csv("survival_cgd.csv"); cgd$arm <- factor(cgd$arm, c("placebo", "rIFN-g"))
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
told <- function(m) {
  s <- summary(m)
  list(coef = unname(coef(m)), se = sqrt(diag(as.matrix(m$naive.var %||% m$var))), robust = sqrt(diag(as.matrix(m$var))),
       loglik = m$loglik, score = unname(s$sctest[1]), wald = unname(m$wald.test))
}
`%||%` <- function(a, b) if (is.null(a)) b else a
zph <- function(m, transform) { z <- cox.zph(m, transform)$table; list(chisq = unname(z[, 1]), df = unname(z[, 2])) }
out <- list()
quartiles <- function(type) {
  q <- quantile(survfit(Surv(time, status) ~ arm, gehan, conf.type = type), c(.25, .5, .75))
  list(time = unname(q$quantile), low = unname(q$lower), high = unname(q$upper))
}
out$gehan_quartiles <- list(log = quartiles("log"), loglog = quartiles("log-log"), plain = quartiles("plain"))
out$veteran_exact <- told(coxph(control = control, Surv(time, status) ~ arm + karno + age, veteran, ties = "exact"))
out$veteran_exact_strata <- told(coxph(control = control, Surv(time, status) ~ arm + karno + strata(celltype), veteran, ties = "exact"))
out$veteran_clusters <- told(coxph(control = control, Surv(time, status) ~ arm + karno, veteran, cluster = diagtime))
out$veteran_breslow_robust <- told(coxph(control = control, Surv(time, status) ~ arm + karno + strata(celltype), veteran, ties = "breslow", robust = TRUE))
adjusted <- coxph(control = control, Surv(time, status) ~ arm + karno + celltype, veteran)
out$veteran_zph_rank <- zph(adjusted, "rank")
out$veteran_zph_log <- zph(adjusted, "log")
out$veteran_zph_km <- zph(adjusted, "km")
veteran$entry <- pmin(veteran$diagtime, veteran$time * 0.5)
truncated <- coxph(control = control, Surv(entry, time, status) ~ arm + karno + strata(prior), veteran)
out$veteran_truncated <- told(truncated)
out$veteran_truncated_zph <- zph(truncated, "identity")
at <- c(30, 90, 180)
steps <- function(m, centered) { b <- basehaz(m, centered = centered); sapply(at, function(t) max(c(0, b$hazard[b$time <= t]))) }
plain <- coxph(control = control, Surv(time, status) ~ arm + karno, veteran)
out$veteran_baseline <- list(time = at, efron = steps(plain, FALSE), breslow = steps(coxph(control = control, Surv(time, status) ~ arm + karno, veteran, ties = "breslow"), FALSE))
out$cgd_adjusted <- told(coxph(control = control, Surv(tstart, tstop, status) ~ arm + age, cgd, cluster = id))
curves <- survfit(Surv(tstart, tstop, status) ~ arm, cgd, id = id, cluster = id)
at <- c(100, 200, 300)
s <- summary(curves, times = at)
out$cgd_mean_number <- list(time = s$time, mean = s$cumhaz, se = s$std.chaz)
strata <- as.integer(mgus$age > 70)
out$mgus_gray_strata <- list(stat = unname(cuminc(mgus$time, mgus$cause, mgus$arm, strata)$Tests[, "stat"]))
group <- cut(mgus$age, c(0, 60, 70, 80, 200))
out$mgus_gray_four <- list(stat = unname(cuminc(mgus$time, mgus$cause, group)$Tests[, "stat"]))
m <- crr(mgus$time, mgus$cause, cbind(as.integer(mgus$arm == "M"), mgus$age / 10), failcode = 2, gtol = 1e-12)
out$mgus_fine_gray_death <- list(coef = unname(m$coef), se = sqrt(diag(m$var)), loglik = m$loglik)
profile <- function(data, rest, ties, low, high) {
  data$x <- as.numeric(data$arm == levels(data$arm)[2])
  at <- function(b) {
    data$held <- b * data$x
    coxph(as.formula(paste("Surv(time, status) ~ offset(held)", rest)), data, ties = ties, control = control)$loglik
  }
  highest <- coxph(as.formula(paste("Surv(time, status) ~ x", rest)), data, ties = ties, control = coxph.control(eps = 1e-13, iter.max = 60, toler.chol = 1e-15))$loglik[2]
  allowed <- qchisq(0.95, 1) / 2
  beyond <- function(b) highest - rev(at(b))[1] - allowed
  root <- function(interval) if (anyNA(interval)) NA else uniroot(beyond, interval, tol = 1e-13)$root
  list(limits = c(root(low), root(high)), ratio = 2 * (highest - rev(at(0))[1]))
}
out$profile_veteran <- profile(veteran, "+ karno", "efron", c(-1, 0.1), c(0.2, 1))
out$profile_gehan_breslow <- profile(gehan, "", "breslow", c(-3, -1.6), c(-1.4, 0))
nobody <- gehan; nobody$status[nobody$arm == "6-MP"] <- 0
out$profile_without_event <- suppressWarnings(profile(nobody, "", "efron", c(NA, NA), c(-8, 0)))
writeLines(as_json(out), "further.json")

# Small trials by chance, with ties, times of 0, censoring at the time of events and late entries: what
# each gives. Written as data and as numbers, so that they do not depend on anybody's random numbers.
set.seed(20250722)
small <- do.call(rbind, lapply(1:16, function(number) {
  n <- sample(20:50, 1)
  time <- rexp(n, 0.2)
  time <- switch(number %% 3 + 1, floor(time), ceiling(time), round(time, 2) + 0.01)
  cause <- sample(0:2, n, TRUE, c(0.3, 0.45, 0.25))
  data.frame(trial = number, time, cause, event = as.integer(cause == 1), arm = (1:n) %% (2 + number %% 2),
             stratum = sample(0:1, n, TRUE), x = round(rnorm(n), 2), start = ifelse(time > 0, round(time * runif(n, 0, 0.8), 2) - 0.005, -1))
}))
small$start <- pmax(small$start, 0)
write.csv(small, "small_trials.csv", row.names = FALSE, quote = FALSE)
numbers <- lapply(split(small, small$trial), function(d) {
  d$arm <- factor(d$arm)
  of <- function(m) list(estimate = unname(coef(m)), se = unname(sqrt(diag(m$var))), loglik = m$loglik)
  at <- function(f, data, ...) of(coxph(f, data, control = control, ...))
  late <- d[d$time > 0, ]
  curves <- survfit(Surv(time, event) ~ arm, d)
  s <- summary(curves, times = c(1, 3))
  incidence <- cuminc(d$time, d$cause, d$arm)
  each <- timepoints(incidence, c(1, 3))
  model <- Surv(time, event) ~ x + arm + strata(stratum)
  found <- list(survival = s$surv, se = s$std.err, medians = unname(quantile(curves, 0.5)$quantile[, 1]),
    log_rank = survdiff(Surv(time, event) ~ arm, d)$chisq,
    within_strata = survdiff(Surv(time, event) ~ arm + strata(stratum), d)$chisq,
    peto = survdiff(Surv(time, event) ~ arm, d, rho = 1)$chisq,
    efron = at(model, d), breslow = at(model, d, ties = "breslow"), exact = at(model, d, ties = "exact"),
    robust = at(Surv(time, event) ~ x + arm, d, robust = TRUE),
    late = at(Surv(start, time, event) ~ x + arm, late),
    zph = unname(cox.zph(coxph(model, d, control = control), "km")$table[, 1]),
    incidence = c(t(each$est)), variance = c(t(each$var)), gray = unname(incidence$Tests[, 1]))
  if (min(d$time) > 0) { # crr takes the censoring at 0 for one before 0
    m <- crr(d$time, d$cause, model.matrix(~ x + arm, d)[, -1], gtol = 1e-12, maxiter = 50)
    found$fine_gray <- list(estimate = unname(m$coef), se = sqrt(diag(m$var)))
  }
  found
})
writeLines(as_json(numbers), "small_trials.json")
