# Reference values of linear mixed models; run in this folder: Rscript mixed_models.R
# (Debian: r-cran-lme4, r-cran-lmertest, r-cran-pbkrtest, r-cran-nlme, r-cran-jsonlite)
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(nlme); library(jsonlite)})
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 1e-2, rhoend = 1e-13, maxfun = 1e5),
                     calc.derivs = FALSE, check.conv.singular = "ignore", boundary.tol = 0)
therapists <- read.csv("therapists.csv")
therapists <- within(therapists, {
  site <- factor(site); therapist <- factor(therapist); arm <- factor(arm, c("control", "low", "high"))
  sex <- factor(sex, c("f", "m")); own <- interaction(site, therapist, drop = TRUE)
})
classes <- read.csv("classes.csv")
classes$arm <- factor(classes$arm, c("individual", "class"))
classes$group <- factor(ifelse(classes$class == "", paste0("p", classes$subject), classes$class))
classes$one <- as.numeric(classes$arm == "class")

lme4_case <- function(formula, data, kr = TRUE, joint = NULL, profile = FALSE) {
  reml <- !is.character(kr)
  fit <- lmerTest::lmer(formula, data, REML = reml, control = tight)
  p <- length(fixef(fit)); unit <- diag(p)
  found <- list(
    names = names(fixef(fit)), coef = unname(fixef(fit)), se = unname(sqrt(diag(as.matrix(vcov(fit))))),
    satterthwaite_df = apply(unit, 1, function(l) contest1D(fit, l)$df),
    variances = c(as.data.frame(VarCorr(fit))$vcov), components = c(as.data.frame(VarCorr(fit))$grp),
    log_likelihood = as.numeric(logLik(fit))
  )
  if (reml) {
    found$kr_se <- unname(sqrt(diag(as.matrix(vcovAdj(fit)))))
    found$kr_df <- apply(unit, 1, function(l) get_Lb_ddf(fit, l))
    if (!is.null(joint)) {
      test <- KRmodcomp(fit, joint)$test
      found$kr_f <- c(statistic = test["Ftest", "stat"], df_num = test["Ftest", "ndf"], df_den = test["Ftest", "ddf"],
                      p_value = test["Ftest", "p.value"])
      sat <- contestMD(fit, joint)
      found$satterthwaite_f <- c(statistic = sat[["F value"]], df_num = sat$NumDF, df_den = sat$DenDF, p_value = sat[["Pr(>F)"]])
    }
  }
  if (profile) {
    pr <- profile(fit, which = "theta_", devtol = 1e-10, maxpts = 400, delta.cutoff = 1 / 40)
    found$profile_sd <- unname(confint(pr))
  }
  found
}
cases <- list()
cases$nested <- lme4_case(y ~ base + sex + arm + (1 | site) + (1 | own), therapists, joint = rbind(c(0, 0, 0, 1, 0), c(0, 0, 0, 0, 1)))
cases$crossed <- lme4_case(y ~ base + arm + (1 | site) + (1 | therapist), therapists)
cases$nested_ml <- lme4_case(y ~ base + sex + arm + (1 | site) + (1 | own), therapists, kr = "ml", profile = TRUE)
flat <- within(therapists, y <- y - ave(y, own) + rep(c(0, 1), length.out = length(y)))
cases$singular <- lme4_case(y ~ base + arm + (1 | own), flat, joint = rbind(c(0, 0, 1, 0), c(0, 0, 0, 1)))
cases$partly <- lme4_case(y ~ base + arm + (0 + one | group), classes)

describe <- function(fit) {
  v <- VarCorr(fit)
  ratio <- coef(fit$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)
  list(names = names(fixef(fit)), coef = unname(fixef(fit)), se = unname(sqrt(diag(fit$varFix))),
       variance_class = as.numeric(v[1, 1]), residual = as.list((fit$sigma * ratio)^2),
       log_likelihood = as.numeric(logLik(fit)))
}
control <- lmeControl(tolerance = 1e-12, msTol = 1e-13, msMaxIter = 1000, maxIter = 1000, niterEM = 200, opt = "nlminb", sigma = NULL)
cases$partly_by_arm <- describe(lme(y ~ base + arm, random = list(group = pdIdent(~ 0 + one)),
                                   weights = varIdent(form = ~ 1 | arm), data = classes, control = control))
cases$software <- list(R = as.character(getRversion()), lme4 = as.character(packageVersion("lme4")),
                      lmerTest = as.character(packageVersion("lmerTest")), pbkrtest = as.character(packageVersion("pbkrtest")),
                      nlme = as.character(packageVersion("nlme")))
write_json(cases, "mixed_models.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
