# Many small designs, about a third of them singular; run in this folder: Rscript many_designs.R
# (Debian: r-cran-lme4, r-cran-lmertest, r-cran-pbkrtest)
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 1e-1, rhoend = 1e-12, maxfun = 1e5),
                     calc.derivs = FALSE, check.conv.singular = "ignore", boundary.tol = 0)
data <- read.csv("many_designs.csv")
data <- within(data, {cluster <- factor(cluster); site <- factor(site); arm <- factor(arm, c("C", "E"))})
models <- list(one = y ~ x + arm + (1 | cluster), crossed = y ~ x + arm + (1 | cluster) + (1 | site))
rows <- list()
for (design in unique(data$design)) for (model in names(models)) {
  fit <- lmerTest::lmer(models[[model]], droplevels(data[data$design == design, ]), control = tight)
  row <- c(0, 0, 1)
  satterthwaite <- contest1D(fit, row)
  rows[[length(rows) + 1]] <- data.frame(
    design = design, model = model, log_likelihood = as.numeric(logLik(fit)), estimate = fixef(fit)[["armE"]],
    se = satterthwaite[["Std. Error"]], df = satterthwaite$df, kr_se = sqrt(vcovAdj(fit)[3, 3]),
    kr_df = get_Lb_ddf(fit, row), singular = as.numeric(min(as.data.frame(VarCorr(fit))$vcov) < 1e-8)
  )
}
found <- do.call(rbind, rows)
numbers <- sapply(found, is.numeric)
found[numbers] <- lapply(found[numbers], function(x) sprintf("%.15g", x))
write.csv(found, "many_designs_expected.csv", row.names = FALSE, quote = FALSE)
