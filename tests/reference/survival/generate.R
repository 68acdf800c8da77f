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
