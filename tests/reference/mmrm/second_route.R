# Reference values from nlme and clubSandwich; run in this folder: Rscript second_route.R
library(nlme)
suppressMessages(library(clubSandwich))
library(jsonlite)
tight <- glsControl(tolerance = 1e-12, msTol = 1e-13, maxIter = 1000, msMaxIter = 1000, opt = "nlminb")
fev <- read.csv("fev_data.csv")
fev$AVISIT <- factor(fev$AVISIT)
fev$RACE <- factor(fev$RACE, c("Asian", "Black or African American", "White"))
fev$SEX <- factor(fev$SEX, c("Male", "Female"))
fev$ARMCD <- factor(fev$ARMCD, c("PBO", "TRT"))
fev$OWNTIME <- fev$VISITN + 0.2 * tanh(fev$VISITN2)
fev <- fev[!is.na(fev$FEV1), ]
model <- FEV1 ~ RACE + SEX + ARMCD * AVISIT

describe <- function(fit) {
  x <- model.matrix(formula(fit), data = eval(fit$call$data))
  list(
    log_likelihood = as.numeric(logLik(fit)),
    beta = unname(coef(fit)),
    # under ML nlme multiplies by n / (n - p)
    se = unname(sqrt(diag(fit$varBeta))) * if (fit$method == "ML") sqrt((nrow(x) - ncol(x)) / nrow(x)) else 1,
    sigma = fit$sigma
  )
}
cases <- list()
for (method in c("REML", "ML")) {
  for (time in c("VISITN", "OWNTIME")) {
    fit <- gls(model, fev, correlation = corExp(form = as.formula(paste("~", time, "| USUBJID"))),
               method = method, control = tight)
    cases[[paste("spatial", tolower(time), tolower(method), sep = "_")]] <-
      c(describe(fit), list(range = unname(coef(fit$modelStruct$corStruct, unconstrained = FALSE))))
  }
}

set.seed(20261121)
n <- 80; m <- 6
arm <- rep(c("A", "B", "C"), length.out = n)
base <- round(rnorm(n, 50, 8), 2)
root <- chol(0.6^abs(outer(1:m, 1:m, "-")) * outer(1 + 0.2 * (1:m), 1 + 0.2 * (1:m)))
y <- round(matrix(rnorm(n * m), n) %*% root + 0.1 * base + outer(arm == "B", 0.3 * (1:m)), 3)
last <- sample(2:m, n, TRUE, c(1, 1, 1, 1, 8))
y[outer(last, 1:m, "<")] <- NA
y[matrix(runif(n * m) < 0.06, n)] <- NA
six <- data.frame(id = rep(1:n, m), arm = rep(arm, m), base = rep(base, m),
                  visit = rep(1:m, each = n), y = as.vector(y))
write.csv(six, "six_visits.csv", row.names = FALSE, na = "")
six$time <- six$visit
six$visit <- factor(six$visit); six$arm <- factor(six$arm)
six <- six[!is.na(six$y), ]
six <- six[order(six$id, six$time), ]
full <- y ~ base * visit + arm * visit
fit <- gls(full, six, correlation = corSymm(form = ~ time | id),
           weights = varIdent(form = ~ 1 | visit), control = tight)
cases$six_unstructured_reml <- describe(fit)
fit <- gls(full, six, correlation = corCompSymm(form = ~ 1 | id), control = tight)
cases$six_compound_reml <- describe(fit)
fit <- gls(full, six, correlation = corAR1(form = ~ time | id),
           weights = varIdent(form = ~ 1 | visit), control = tight)
cases$six_har1_reml <- describe(fit)

fit <- gls(model, fev, correlation = corAR1(form = ~ VISITN | USUBJID), control = tight)
for (type in c("CR0", "CR2", "CR3")) {
  v <- vcovCR(fit, type = type)
  test <- coef_test(fit, v)
  cases[[paste("sandwich", tolower(type), sep = "_")]] <-
    list(se = test$SE, df = test[, grep("df", names(test))[1]], vcov = unname(as.matrix(v)))
}
fev$INVERSE <- 1 / fev$WEIGHT
fit <- gls(model, fev, correlation = corAR1(form = ~ VISITN | USUBJID),
           weights = varFixed(~INVERSE), control = tight)
cases$weighted_ar1_reml <- describe(fit)
versions <- list(R = R.version.string, nlme = as.character(packageVersion("nlme")),
                 clubSandwich = as.character(packageVersion("clubSandwich")))
write(toJSON(list(versions = versions, cases = cases), digits = 15, auto_unbox = TRUE, pretty = TRUE),
      "second_route.json")
