# Sample sizes of ordered outcomes by Hmisc's posamsize: Rscript proportional_odds.R
suppressMessages({library(Hmisc); library(jsonlite)})
moved <- function(p, or) as.numeric(pomodm(p = p, odds.ratio = or))
case <- function(levels, or, allocation = c(1, 1), alpha = .05, power = .8) {
  w <- allocation / sum(allocation)
  average <- w[1] * levels + w[2] * moved(levels, or)
  list(levels = levels, odds_ratio = or, allocation = allocation, alpha = alpha, power = power,
       experimental = moved(levels, or),
       n = posamsize(average, or, fraction = w[1], alpha = alpha, power = power)$n)
}
pain <- c(.1, .2, .4, .3)
write_json(list(
  pedigree = paste(R.version.string, "Hmisc", packageVersion("Hmisc")),
  cases = list(
    case(c(.2, .5, .2, .1), 1.8), case(c(.2, .5, .2, .1), 0.5, power = .9),
    case(c(.05, .1, .15, .2, .2, .15, .15), 1.6, allocation = c(1, 2)),
    case(c(.4, .6), 2.2, alpha = .01), case(c(.2, .2, .2, .2, .2), 3, allocation = c(3, 1))),
  # the example of man/popower.Rd: shares of both arms together
  back_pain = list(levels = pain, odds_ratio = 1.2, n = posamsize(pain, 1.2)$n)),
  "proportional_odds.json", auto_unbox = TRUE, digits = NA, pretty = TRUE)
