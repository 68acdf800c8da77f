# Constrained longitudinal analysis by nlme; run in this folder: Rscript constrained.R  (r-cran-nlme, r-cran-jsonlite)
suppressMessages({library(nlme); library(jsonlite)})
tight <- glsControl(tolerance = 1e-12, msTol = 1e-13, maxIter = 1000, msMaxIter = 1000, opt = "nlminb")
wide <- read.csv("antidepressant_data.csv")
one <- wide[!duplicated(wide$PATIENT), ]
long <- rbind(
  data.frame(id = one$PATIENT, arm = one$THERAPY, visit = 0, y = one$BASVAL),
  data.frame(id = wide$PATIENT, arm = wide$THERAPY, visit = wide$VISIT, y = wide$BASVAL + wide$CHANGE)
)
long <- long[!is.na(long$y), ]
long$visit <- factor(long$visit, c(0, 4, 5, 6, 7))
long$index <- as.integer(long$visit)
for (v in c(4, 5, 6, 7)) long[[paste0("drug", v)]] <- as.numeric(long$arm == "DRUG" & long$visit == v)
x <- model.matrix(~ visit + drug4 + drug5 + drug6 + drug7, long)
people <- split(seq_len(nrow(long)), long$id)
# nlme stops early: Newton's steps on the likelihood written out, with central differences, from where it stopped
at <- function(par, reml) {
  l <- matrix(0, 5, 5); l[lower.tri(l, diag = TRUE)] <- par
  sigma <- l %*% t(l)
  xwx <- 0; xwy <- 0; ywy <- 0; logdet <- 0
  for (rows in people) {
    v <- sigma[long$index[rows], long$index[rows], drop = FALSE]
    w <- chol2inv(chol(v)); xr <- x[rows, , drop = FALSE]; yr <- long$y[rows]
    xwx <- xwx + t(xr) %*% w %*% xr; xwy <- xwy + t(xr) %*% w %*% yr; ywy <- ywy + c(t(yr) %*% w %*% yr)
    logdet <- logdet + 2 * sum(log(diag(chol(v))))
  }
  beta <- solve(xwx, xwy)
  value <- logdet + ywy - c(t(xwy) %*% beta) + (nrow(x) - reml * ncol(x)) * log(2 * pi)
  if (reml) value <- value + 2 * sum(log(diag(chol(xwx))))
  list(value = value, beta = c(beta), se = sqrt(diag(solve(xwx))))
}
slope <- function(par, reml, h = 2e-4) sapply(seq_along(par), function(k) {
  e <- replace(0 * par, k, h); (at(par + e, reml)$value - at(par - e, reml)$value) / (2 * h)
})
cases <- list()
for (method in c("REML", "ML")) {
  fit <- gls(y ~ visit + drug4 + drug5 + drug6 + drug7, long, correlation = corSymm(form = ~ index | id),
             weights = varIdent(form = ~ 1 | visit), method = method, control = tight)
  sd <- fit$sigma * coef(fit$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)[levels(long$visit)]
  corr <- diag(5); corr[lower.tri(corr)] <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)
  corr[upper.tri(corr)] <- t(corr)[upper.tri(corr)]
  root <- t(chol(corr * outer(sd, sd))); par <- root[lower.tri(root, diag = TRUE)]
  for (step in 1:3) {
    bent <- sapply(seq_along(par), function(k) {
      e <- replace(0 * par, k, 1e-3); (slope(par + e, method == "REML") - slope(par - e, method == "REML")) / 2e-3
    })
    par <- par - solve((bent + t(bent)) / 2, slope(par, method == "REML"))
  }
  best <- at(par, method == "REML")
  cases[[tolower(method)]] <- list(
    visit = c(4, 5, 6, 7), estimate = best$beta[6:9], se = unname(best$se[6:9]),
    change_placebo = best$beta[2:5], baseline = best$beta[1], log_likelihood = -best$value / 2, n = nrow(long),
    nlme = list(estimate = unname(coef(fit)[6:9]), log_likelihood = as.numeric(logLik(fit)))
  )
}
cases$software <- list(R = as.character(getRversion()), nlme = as.character(packageVersion("nlme")))
write_json(cases, "constrained.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
