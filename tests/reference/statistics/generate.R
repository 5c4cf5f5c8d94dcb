# Reference values for the statistics of analyze/, written by R for tests/unit/test_reference.c.
#
#   Rscript generate.R        (in this folder; needs r-base-core, r-cran-coin, r-cran-car, r-cran-mvtnorm)
#
# Writes samples.tsv (name, values), expected.tsv (quantity, sample, second sample or -, parameter or -, value),
# factorial.tsv, groups.tsv, resamples.tsv and versions.txt. Numbers have 17 significant digits; NaN means undefined.
# Where base R has no function, the value is computed here by another route than in C (stated at each place).
suppressPackageStartupMessages({ library(coin); library(car); library(mvtnorm) })
options(digits = 17, warn = -1)
num <- function(x) ifelse(is.na(x), "NaN", ifelse(is.infinite(x), ifelse(x > 0, "inf", "-inf"), sprintf("%.17g", x)))

S <- list() # samples
set.seed(20261124); RNGkind("Mersenne-Twister", "Inversion", "Rejection")
S$two <- c(3.5, 4.25); S$two_close <- c(1000.01, 1000.02); S$two_equal <- c(7, 7); S$one <- 42.5
S$three <- c(2, 4, 9); S$three_ties <- c(5, 5, 6)
S$five <- c(100.1, 101.2, 99.7, 100.5, 100.9); S$five_b <- c(110.3, 109.2, 111.9, 110.1, 112.4)
S$five_ties <- c(10, 10, 11, 11, 11); S$five_ties_b <- c(10, 11, 11, 12, 12)
S$five_outlier <- c(100, 101, 99, 100.5, 250); S$five_constant <- rep(0.03, 5); S$ten_constant <- rep(1/3, 10)
S$constant_but_one <- c(rep(10, 9), 10.01)
S$zeros <- c(0, 0, 0, 0, 0); S$with_zero <- c(0, 2.5, 3.5, 1.5, 2); S$mostly_zero <- c(0, 0, 0, 0, 1)
S$negative <- c(-3, -1.5, -2.25, -8, -0.5); S$mixed_sign <- c(-1, 1, -2, 2, 0.5, -0.25)
S$offset9 <- 1e9 + c(1, 2, 3, 4, 7); S$offset9_b <- 1e9 + c(3, 4, 5, 9, 8)
S$offset12 <- 1e12 + c(0.5, 0.25, 0.75, 1.5, 2.25, 3); S$offset12_b <- 1e12 + c(1.5, 2.25, 0.75, 4.5, 5.25, 3)
S$offset_negative <- -1e8 - c(1, 2, 4, 8, 16)
S$tiny <- c(1e-12, 2e-12, 4e-12, 3e-12); S$tiny_b <- c(2e-12, 5e-12, 4.5e-12, 3.5e-12)
S$denormal <- c(1e-310, 3e-310, 2e-310); S$huge <- c(1e150, 2e150, 1.5e150, 1.2e150)
S$wide <- c(1e-6, 1, 1e6, 1e3, 1e-3)
S$drift <- 100 + 0:9 * 0.7; S$alternating <- rep(c(1, 2), 6)
S$normal10 <- round(rnorm(10, 500, 5), 2); S$normal10_b <- round(rnorm(10, 505, 9), 2)
S$normal30 <- round(rnorm(30, 2000, 40), 1); S$normal30_b <- round(rnorm(30, 2010, 60), 1)
S$normal7 <- round(rnorm(7, 20, 1), 3); S$normal4 <- round(rnorm(4, 21, 3), 3)
S$lognormal20 <- round(exp(rnorm(20, 3, 0.8)), 3); S$lognormal20_b <- round(exp(rnorm(20, 3.3, 0.8)), 3)
S$bimodal12 <- c(round(rnorm(6, 100, 1), 2), round(rnorm(6, 120, 1), 2))
S$bimodal12_b <- c(round(rnorm(4, 100, 1), 2), round(rnorm(8, 120, 1), 2))
S$latency <- c(0.03, 0.03, 0.04, 0.03, 0.04, 0.03); S$latency_b <- c(0.04, 0.04, 0.04, 0.03, 0.05, 0.04)
S$poisson15 <- rpois(15, 4) + 0; S$poisson15_b <- rpois(15, 6) + 0
S$uniform100 <- round(runif(100, 10, 20), 4); S$uniform6 <- round(runif(6), 6)
S$sorted_down <- 20:1 + 0; S$exponential50 <- round(rexp(50, 0.1), 4); S$exponential40 <- round(rexp(40, 0.08), 4)
S$cauchy15 <- round(rcauchy(15), 3); S$binary20 <- rep(c(0, 1), c(7, 13)); S$binary20_b <- rep(c(0, 1), c(12, 8))
S$integers <- c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5); S$years <- 1990:2005 + 0
S$throughput <- c(5120.34, 5098.77, 5133.01, 5077.95, 5111.48); S$throughput_b <- c(4987.02, 5011.65, 4970.18, 5002.9, 4995.33)
S$ar <- round(as.numeric(arima.sim(list(ar = 0.8), 400)) + 50, 4)
S$warmup <- round(c(seq(20, 98, length.out = 40), 100 + rnorm(160, 0, 2)), 3)
S$white200 <- round(rnorm(200, 10, 1), 4)
S$large_counts <- rpois(300, 50) + 0
S$never_steady <- round(seq(1, 100, length.out = 100) + rnorm(100, 0, 0.5), 3)
stopifnot(length(S) >= 50)

out <- character()
put <- function(quantity, a, b = "-", parameter = "-", value) out[length(out) + 1] <<- paste(quantity, a, b, parameter, num(as.numeric(value)), sep = "\t")
guard <- function(expr) tryCatch(as.numeric(expr), error = function(e) NaN)
positive <- function(x) all(x > 0)

mser5 <- function(x) { k <- length(x) %/% 5; b <- colMeans(matrix(x[1:(5 * k)], 5)); d <- 0:(k %/% 2)
  s <- sapply(d, function(d) { r <- b[(d + 1):k]; sum((r - mean(r))^2) / (k - d)^2 }); i <- d[which.min(s)]; if (i < k %/% 2) 5 * i else 0 }
batch_means <- function(x, level) { n <- length(x); size <- floor(sqrt(n)); repeat { # doubled while the means still correlate
  nr <- n %/% size; b <- colMeans(matrix(tail(x, nr * size), size)); r <- acf(b, plot = FALSE)$acf[2]; if (!(r > 1.645 / sqrt(nr)) || n %/% (2 * size) < 8) break; size <- 2 * size }
  if (nr < 4) c(NaN, NaN) else t.test(b, conf.level = level)$conf.int }
tolerance_factor <- function(n, content, conf) { # by integrating over the sample SD first, then solving: not the route of the C code
  f <- function(k) { g <- function(z) sapply(z, function(z) { r <- sqrt(qchisq(content, 1, ncp = z^2 / n)) # half width from the noncentral chi-squared
      2 * dnorm(z) * pchisq((n - 1) * r^2 / k^2, n - 1, lower.tail = FALSE) }); integrate(g, 0, 9, rel.tol = 1e-11, subdivisions = 2000)$value - conf }
  uniroot(f, c(0.1, 2000), tol = 1e-12)$root }

for (s in names(S)) {
  x <- S[[s]]; n <- length(x); m <- mean(x)
  put("mean", s, value = m); put("sd", s, value = sd(x)); put("median", s, value = median(x)); put("mad", s, value = mad(x))
  for (p in c(0, 0.05, 0.25, 0.75, 0.9, 1)) put("quantile", s, parameter = p, value = quantile(x, p, type = 7))
  put("geomean", s, value = if (positive(x)) exp(mean(log(x))) else NaN)
  varies <- n > 1 && sd(x) > 0
  for (level in c(0.9, 0.95, 0.99)) {
    ci <- if (varies) guard(t.test(x, conf.level = level)$conf.int) else c(NaN, NaN)
    if (varies && any(is.na(ci))) ci <- m + c(-1, 1) * qt(1 - (1 - level) / 2, n - 1) * sd(x) / sqrt(n) # t.test refuses "essentially constant" data
    if (n == 1 || varies) { put("t_low", s, parameter = level, value = ci[1]); put("t_high", s, parameter = level, value = ci[2]) }
    if (varies && positive(x) && sd(log(x)) > 0) {
      l <- log(x); ci <- exp(mean(l) + c(-1, 1) * qt(1 - (1 - level) / 2, n - 1) * sd(l) / sqrt(n))
      put("log_t_low", s, parameter = level, value = ci[1]); put("log_t_high", s, parameter = level, value = ci[2]) }
    r <- suppressWarnings(max(which(1 - 2 * pbinom(seq_len(n %/% 2) - 1, n, 0.5) >= level), 0)) # order statistics for the median
    o <- sort(x); put("median_low", s, parameter = level, value = if (r) o[r] else NaN); put("median_high", s, parameter = level, value = if (r) o[n + 1 - r] else NaN)
    put("median_attained", s, parameter = level, value = if (r) 1 - 2 * pbinom(r - 1, n, 0.5) else 1 - 2 * pbinom(0, n, 0.5))
    if (varies && n <= 50) { fit <- if (sd(x) > 1e-9 * abs(m)) predict(lm(x ~ 1), data.frame(1), interval = "prediction", level = level)[2:3] else m + c(-1, 1) * qt(1 - (1 - level) / 2, n - 1) * sd(x) * sqrt(1 + 1 / n)
      put("prediction_low", s, parameter = level, value = fit[1]); put("prediction_high", s, parameter = level, value = fit[2]) }
  }
  if (n >= 3 && varies && n <= 5000) { w <- shapiro.test(if (min(x) < -1e-300 || sd(x) > 1e-6 * abs(m)) x else x - min(x)); # R divides by the range first and loses digits to a large offset
    put("shapiro_w", s, value = w$statistic); put("shapiro_p", s, value = w$p.value) }
  for (lag in 1:2) if (n > 3) put("acf", s, parameter = lag, value = if (varies) acf(x, lag.max = 2, plot = FALSE)$acf[lag + 1] else NaN)
  if (n >= 20) put("mser5", s, value = mser5(x))
  if (n >= 9 && varies) { b <- batch_means(x, 0.95); put("batch_low", s, parameter = 0.95, value = b[1]); put("batch_high", s, parameter = 0.95, value = b[2]) }
}
for (n in c(2, 3, 5, 10, 30, 100)) for (content in c(0.9, 0.99)) put("tolerance_factor", "-", "-", paste(n, content, 0.95), tolerance_factor(n, content, 0.95))

pairs <- list(c("five", "five_b"), c("five_ties", "five_ties_b"), c("offset9", "offset9_b"), c("offset12", "offset12_b"), c("tiny", "tiny_b"),
  c("normal10", "normal10_b"), c("normal30", "normal30_b"), c("normal7", "normal4"), c("lognormal20", "lognormal20_b"), c("bimodal12", "bimodal12_b"),
  c("latency", "latency_b"), c("poisson15", "poisson15_b"), c("binary20", "binary20_b"), c("throughput", "throughput_b"), c("five", "five_outlier"),
  c("five_outlier", "five"), c("three", "five"), c("two", "three"), c("two", "two_close"), c("with_zero", "five"), c("negative", "mixed_sign"), c("negative", "five"),
  c("mostly_zero", "with_zero"), c("wide", "five"), c("exponential50", "exponential40"), c("uniform6", "integers"), c("drift", "alternating"),
  c("five_constant", "latency"), c("ten_constant", "uniform6"), c("constant_but_one", "five"), c("zeros", "with_zero"), c("cauchy15", "integers"),
  c("sorted_down", "integers"), c("three_ties", "three"), c("one", "five"), c("five", "one"), c("five", "five"), c("years", "offset9"), c("white200", "ar"), c("large_counts", "ar"))
hedges <- function(a, b) { m <- length(a) + length(b) - 2; s <- sqrt(((length(a) - 1) * var(a) + (length(b) - 1) * var(b)) / m)
  exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2) * (mean(b) - mean(a)) / s }
fieller <- function(a, b, level) { # by searching the ends of the acceptance region, not by the quadratic
  va <- var(a) / length(a); vb <- var(b) / length(b); r <- mean(b) / mean(a)
  df <- (vb + r^2 * va)^2 / (vb^2 / (length(b) - 1) + r^4 * va^2 / (length(a) - 1)); t <- qt(1 - (1 - level) / 2, df)
  if (mean(a)^2 <= t^2 * va) return(c(NaN, NaN))
  g <- function(q) (mean(b) - q * mean(a))^2 - t^2 * (vb + q^2 * va)
  step <- sqrt(vb + r^2 * va) / abs(mean(a)); w <- step; while (g(r + w) < 0) w <- 2 * w; v <- step; while (g(r - v) < 0) v <- 2 * v
  c(uniroot(g, c(r - v, r), tol = 1e-15 * max(abs(r), step))$root, uniroot(g, c(r, r + w), tol = 1e-15 * max(abs(r), step))$root) }
enumerated <- function(scores, nb) { n <- length(scores); c <- scores - mean(scores); t <- colSums(matrix(c[combn(n, nb)], nb)); o <- sum(c[(n - nb + 1):n]); mean(abs(t) >= abs(o) - 1e-11 * sum(abs(c))) }
coin_or <- function(test, enumerate) { p <- tryCatch(as.numeric(pvalue(test())), error = function(e) NA); if (is.na(p)) return(enumerate()); p } # coin's shift algorithm fails on some real-valued scores
for (p in pairs) {
  a <- S[[p[1]]]; b <- S[[p[2]]]; both <- c(a, b); group <- factor(rep(c("a", "b"), c(length(a), length(b))), levels = c("b", "a"))
  na <- length(a); nb <- length(b); ok <- na > 1 && nb > 1 && (sd(a) > 0 || sd(b) > 0)
  two <- if (na > 1 && nb > 1) c(var(a) / na, var(b) / nb) else c(NaN, NaN); se <- sqrt(sum(two)); df <- sum(two)^2 / (two[1]^2 / (na - 1) + two[2]^2 / (nb - 1))
  tt <- if (ok) tryCatch(t.test(b, a), error = function(e) NULL) else NULL
  if (!ok || !is.null(tt)) {
    put("welch_p", p[1], p[2], value = if (ok) tt$p.value else NaN); put("welch_df", p[1], p[2], value = if (ok) tt$parameter else NaN)
    put("welch_low", p[1], p[2], value = if (ok) tt$conf.int[1] else NaN); put("welch_high", p[1], p[2], value = if (ok) tt$conf.int[2] else NaN)
  } else { # "data are essentially constant": the same formulas
    put("welch_p", p[1], p[2], value = 2 * pt(-abs(mean(b) - mean(a)) / se, df)); put("welch_df", p[1], p[2], value = df)
    put("welch_low", p[1], p[2], value = mean(b) - mean(a) - qt(0.975, df) * se); put("welch_high", p[1], p[2], value = mean(b) - mean(a) + qt(0.975, df) * se) }
  put("hedges_g", p[1], p[2], value = if (ok) hedges(a, b) else NaN)
  put("cliffs_delta", p[1], p[2], value = mean(sign(outer(b, a, "-"))))
  if (na + nb <= 60) put("mann_whitney_p", p[1], p[2], value = if (length(unique(both)) > 1) coin_or(function() wilcox_test(both ~ group, distribution = "exact"), function() enumerated(rank(both), nb)) else NaN)
  if (choose(na + nb, nb) <= 200000 && all(abs(both) < 1e11) && all(both == 0 | abs(both) > 1e-9))
    put("permutation_p", p[1], p[2], value = if (length(unique(both)) > 1) enumerated(both, nb) else NaN)
  if (na + nb > 500) put("mann_whitney_p", p[1], p[2], value = wilcox.test(b, a, exact = FALSE, correct = TRUE)$p.value) # where C goes over to the normal approximation
  if (choose(na + nb, nb) <= 200000 && length(unique(both)) > 1) stopifnot(isTRUE(all.equal(enumerated(rank(both), nb), coin_or(function() wilcox_test(both ~ group, distribution = "exact"), function() enumerated(rank(both), nb)))))
  put("hodges_lehmann", p[1], p[2], value = median(outer(b, a, "-")))
  if (na < 50 && nb < 50) for (level in c(0.8, 0.95)) { # ends from the distribution without ties, as wilcox.test has them for data without ties
    d <- sort(outer(b, a, "-")); q <- qwilcox((1 - level) / 2, na, nb); if (pwilcox(q, na, nb) > (1 - level) / 2 * (1 + 1e-12)) q <- q - 1 # U <= q outside
    r <- q + 1; put("shift_low", p[1], p[2], level, if (r >= 1) d[r] else NaN); put("shift_high", p[1], p[2], level, if (r >= 1) d[na * nb + 1 - r] else NaN)
    if (r >= 1 && !anyDuplicated(both)) { w <- wilcox.test(b, a, conf.int = TRUE, exact = TRUE, conf.level = level); stopifnot(isTRUE(all.equal(as.numeric(w$conf.int), c(d[r], d[na * nb + 1 - r]), tolerance = 1e-12))) } }
  if (ok && mean(a) != 0) for (level in c(0.9, 0.95)) { f <- fieller(a, b, level); put("fieller_low", p[1], p[2], level, f[1]); put("fieller_high", p[1], p[2], level, f[2]) }
  if (positive(both) && ok && sd(both) > 1e-10 * mean(both)) { # else the logarithms themselves agree in all but their last digits # the default comparison: Welch on logarithms
    la <- log(a); lb <- log(b); put("ratio", p[1], p[2], value = exp(mean(lb) - mean(la))); put("log_hedges_g", p[1], p[2], value = hedges(la, lb))
    t1 <- tryCatch(t.test(lb, la), error = function(e) NULL); t2 <- tryCatch(t.test(lb, la, conf.level = 0.9), error = function(e) NULL)
    if (!is.null(t1)) { put("ratio_p", p[1], p[2], value = t1$p.value); put("ratio_low", p[1], p[2], 0.95, exp(t1$conf.int[1])); put("ratio_high", p[1], p[2], 0.95, exp(t1$conf.int[2]))
      put("ratio_low", p[1], p[2], 0.9, exp(t2$conf.int[1])); put("ratio_high", p[1], p[2], 0.9, exp(t2$conf.int[2])) } }
}
# distributions and power
for (df in c(1, 1.5, 2, 4, 8, 29.5, 31, 100, 1e4, 1e6)) for (p in c(0.6, 0.9, 0.95, 0.975, 0.995, 0.9999)) put("t_quantile", "-", "-", paste(p, df), qt(p, df))
for (df in c(1, 2.7, 8, 40, 1000)) for (t in c(-3, -0.5, 0.1, 1, 2.5, 6)) put("t_cdf", "-", "-", paste(t, df), pt(t, df))
for (df in c(1, 3.7, 8, 40, 1000)) for (d in c(-1, 0.5, 2, 4)) for (t in c(-1, 1, 2.5, 5)) put("noncentral_t", "-", "-", paste(t, df, d), pt(t, df, d))
for (n in c(3, 5, 10, 30)) for (cv in c(0.005, 0.01, 0.03)) put("welch_power", "-", "-", paste(log(1.02), cv^2, n, cv^2, n), power.t.test(n, log(1.02), cv, strict = TRUE)$power)
for (sd in c(0.01, 0.02, 0.05, 0.1)) { n <- 2; while (power.t.test(n, log(1.02), sd, strict = TRUE)$power < 0.8) n <- n + 1; put("sample_size", "-", "-", paste(log(1.02), sd^2, sd^2), n) }
tost <- function(d, bound, v1, n1, v2, n2) { # over both sample variances as they are: two nested integrals of chi-squared densities
  inner <- function(s1, s2) { w1 <- v1 * s1 / (n1 - 1) / n1; w2 <- v2 * s2 / (n2 - 1) / n2; se <- sqrt(w1 + w2); df <- (w1 + w2)^2 / (w1^2 / (n1 - 1) + w2^2 / (n2 - 1))
    h <- bound - qt(0.95, df) * se; true <- sqrt(v1 / n1 + v2 / n2); ifelse(h > 0, pnorm((h - d) / true) - pnorm((-h - d) / true), 0) }
  integrate(function(s1) sapply(s1, function(s) dchisq(s, n1 - 1) * integrate(function(s2) dchisq(s2, n2 - 1) * inner(s, s2), 0, Inf, rel.tol = 1e-9, subdivisions = 1000)$value), 0, Inf, rel.tol = 1e-8, subdivisions = 1000)$value }
for (q in list(c(0, log(1.02), 1e-4, 5, 1e-4, 5), c(0, log(1.02), 4e-4, 5, 4e-4, 5), c(0.005, 0.02, 1e-4, 4, 4e-4, 12), c(log(1.02), log(1.02), 1e-4, 5, 2e-4, 7), c(0, 0.02, 36e-4, 30, 16e-4, 40)))
  put("tost_power", "-", "-", paste(q, collapse = " "), do.call(tost, as.list(q)))
# R's ptukey is off by up to 1e-3 at few degrees of freedom (for two groups it must equal the t distribution, and does not): nested integrals
tukey <- function(q, k, df) { f <- function(u) sapply(u, function(u) k * integrate(function(z) dnorm(z) * (pnorm(z) - pnorm(z - q * u))^(k - 1), -9, 9, rel.tol = 1e-11, subdivisions = 1000)$value * 2 * df * u * dchisq(df * u^2, df))
  p <- 1 - integrate(f, 0, 1, rel.tol = 1e-10)$value - integrate(f, 1, Inf, rel.tol = 1e-10)$value
  if (k == 2) stopifnot(abs(p - 2 * pt(-q / sqrt(2), df)) < 1e-8); if (df >= 2) stopifnot(abs(p - ptukey(q, k, df, lower.tail = FALSE)) < 2e-3); p }
for (k in c(2, 3, 5, 10)) for (df in c(2, 5.5, 8, 30, 200)) { for (q in c(0.5, 2, 3.5, 6)) put("tukey_upper", "-", "-", paste(q, k, df), tukey(q, k, df)); put("tukey_quantile", "-", "-", paste(0.95, k, df), uniroot(function(q) tukey(q, k, df) - 0.05, c(2, 20), tol = 1e-10)$root) }
dunnett <- function(t, n0, n, df) { # nested adaptive integrals; checked against mvtnorm, which is random at 1e-5
  lambda <- sqrt(n / (n + n0)); f <- function(u) sapply(u, function(u) integrate(function(z) sapply(z, function(z) dnorm(z) * prod(pnorm((lambda * z + t * u) / sqrt(1 - lambda^2)) - pnorm((lambda * z - t * u) / sqrt(1 - lambda^2)))), -9, 9, rel.tol = 1e-11, subdivisions = 500)$value * 2 * df * u * dchisq(df * u^2, df))
  p <- 1 - integrate(f, 0, 1, rel.tol = 1e-10)$value - integrate(f, 1, Inf, rel.tol = 1e-10)$value
  r <- outer(lambda, lambda); diag(r) <- 1; check <- 1 - pmvt(rep(-t, length(n)), rep(t, length(n)), df = as.integer(df), corr = r, algorithm = GenzBretz(maxpts = 2e6, abseps = 1e-6)); stopifnot(abs(check - p) < 1e-4); p }
for (q in list(list(5, c(5, 5)), list(5, c(5, 5, 5, 5)), list(10, c(5, 7, 3)), list(4, 4))) for (t in c(1, 2.5, 4)) put("dunnett_upper", "-", "-", paste(c(t, q[[1]], length(q[[2]]), q[[2]]), collapse = " "), dunnett(t, q[[1]], q[[2]], q[[1]] + sum(q[[2]]) - 1 - length(q[[2]])))

# families: p.adjust; a missing p counts for nothing
P <- list(c(0.01, 0.04, 0.03, 0.005), c(0.5, NA, 0.01, 0.01, 1, 1e-12), c(0.2), rep(0.04, 7), c(NA, NA), round(runif(20)^3, 6))
for (i in seq_along(P)) { S[[paste0("family", i)]] <- P[[i]]; for (m in c("holm", "BH")) { q <- P[[i]]; q[!is.na(q)] <- p.adjust(q[!is.na(q)], m); for (j in seq_along(q)) put(tolower(m), paste0("family", i), parameter = j, value = q[j]) } }

# several groups: Games-Howell, Dunnett, Brown-Forsythe, variance components
G <- list(three = list(S$five, S$five_b, S$five_outlier), unequal = list(S$normal10, S$normal7 * 25, S$normal4 * 24, S$five * 5), small = list(S$three, S$two, S$three_ties),
  boots = list(c(100.2, 100.4, 100.1), c(103.0, 103.3, 102.9), c(98.5, 98.9, 98.6), c(101.1, 101.0, 101.4)), flat = list(c(10, 12, 11, 13), c(11.5, 10.5, 12, 12.5), c(12, 11, 13, 10)), ragged = list(c(5, 6), 7, c(5.5, 6.5, 7.5, 8), c(9, 9.5)))
lines <- character()
for (g in names(G)) {
  x <- unlist(G[[g]]); n <- lengths(G[[g]]); f <- factor(rep(seq_along(n), n)); k <- length(n); lines <- c(lines, paste(g, sapply(G[[g]], function(v) paste(num(v), collapse = " ")), sep = "\t"))
  a <- anova(lm(x ~ f)); n0 <- (sum(n) - sum(n^2) / sum(n)) / (k - 1); between <- (a[1, 3] - a[2, 3]) / n0
  put("component_within", g, value = a[2, 3]); put("component_between", g, value = max(0, between)); put("component_icc", g, value = max(0, between) / (max(0, between) + a[2, 3]))
  put("brown_forsythe", g, value = leveneTest(x, f, center = median)[1, 3])
  for (i in 2:k) { v <- G[[g]][[i]]; b <- G[[g]][[1]]; if (length(v) < 2) next
    t <- t.test(v, b); put("games_howell", g, parameter = i, value = tukey(sqrt(2) * abs(t$statistic), k, t$parameter)) }
  if (min(n) > 1) { s <- sqrt(a[2, 3]); for (i in 2:k) put("dunnett_p", g, parameter = i, value = dunnett(abs(mean(G[[g]][[i]]) - mean(G[[g]][[1]])) / (s * sqrt(1 / n[1] + 1 / n[i])), n[1], n[-1], sum(n) - k)) }
}
writeLines(lines, "groups.tsv")

# factorial designs: balanced, unbalanced, with an empty cell, without replicates; car::Anova(type = 2), lm with contr.sum
options(contrasts = c("contr.sum", "contr.poly"))
design <- function(levels, reps) { d <- do.call(expand.grid, lapply(levels, seq_len)); d <- d[rep(seq_len(nrow(d)), reps), , drop = FALSE]; names(d) <- letters[seq_along(levels)]; d }
F <- list(balanced = design(c(2, 3), 5), three_way = design(c(2, 2, 3), 3), one_way = design(4, 5))
F$unbalanced <- design(c(2, 3), 4)[-c(1, 7, 8, 15, 22), ]; F$unbalanced3 <- design(c(2, 2, 2), 3)[-c(2, 5, 9, 16), ]
e <- design(c(3, 3), 3); F$empty <- e[!(e$a == 2 & e$b == 3), ]; F$saturated <- design(c(2, 3), 1)
lines <- character()
for (s in names(F)) {
  d <- F[[s]]; d$y <- round(5 + 0.1 * d$a + (if (!is.null(d$b)) 0.05 * d$b * d$a else 0) + rnorm(nrow(d), 0, 0.04), 5); k <- ncol(d) - 1
  lines <- c(lines, paste(s, k, apply(d, 1, function(r) paste(num(r), collapse = " ")), sep = "\t"))
  for (v in letters[1:k]) d[[v]] <- factor(d[[v]]); terms <- paste(letters[1:k], collapse = " * ")
  full <- lm(as.formula(paste("y ~", terms)), d); rss <- sum(resid(full)^2); dfr <- df.residual(full)
  put("anova_df_residual", s, value = dfr); if (dfr) put("anova_ss_residual", s, value = rss)
  all <- attr(terms(full), "factors")[-1, , drop = FALSE] > 0
  for (t in colnames(all)) { # models compared by hand: works with empty cells, where car refuses; car agrees where it does not
    rest <- colnames(all)[!apply(all, 2, function(u) all(u[all[, t]]))]
    m0 <- lm(as.formula(paste("y ~", paste(c("1", rest), collapse = " + "))), d); m1 <- lm(as.formula(paste("y ~", paste(c("1", rest, t), collapse = " + "))), d)
    df <- df.residual(m0) - df.residual(m1); ss <- if (df) sum(resid(m0)^2) - sum(resid(m1)^2) else NaN; id <- sum(2^(which(all[, t]) - 1))
    put("anova_df", s, parameter = id, value = df); put("anova_ss", s, parameter = id, value = ss)
    if (dfr) { f <- ss / df / (rss / dfr); put("anova_f", s, parameter = id, value = f); put("anova_p", s, parameter = id, value = pf(f, df, dfr, lower.tail = FALSE)); put("anova_eta2", s, parameter = id, value = ss / (ss + rss))
      if (!any(is.na(coef(full)))) stopifnot(abs(Anova(full, type = 2)[t, "Sum Sq"] - ss) < 1e-10 * max(ss, rss)) } }
  m <- full; if (any(is.na(coef(full)))) m <- lm(as.formula(paste("y ~", paste(letters[1:k], collapse = " + "))), d)
  for (v in letters[1:k]) for (l in 2:nlevels(d[[v]])) { q <- setNames(rep(0, length(coef(m))), names(coef(m))); nl <- nlevels(d[[v]])
    h <- contr.sum(nl)[l, ] - contr.sum(nl)[1, ]; q[paste0(v, seq_len(nl - 1))] <- h; est <- sum(q * coef(m)); id <- paste(match(v, letters), l)
    put("contrast", s, parameter = id, value = est); if (df.residual(m)) { se <- sqrt(t(q) %*% vcov(m) %*% q); put("contrast_low", s, parameter = id, value = est - qt(0.975, df.residual(m)) * se) } }
}
writeLines(lines, "factorial.tsv")

# scalability laws: nls on the logarithms
law <- function(n, l, s, k) l * n / (1 + s * (n - 1) + k * n * (n - 1))
U <- list(); n <- rep(c(1, 2, 4, 8, 16, 32), each = 3)
U$usl <- list(n, round(law(n, 1000, 0.03, 5e-4) * exp(rnorm(18, 0, 0.01)), 2)); U$amdahl <- list(n, round(law(n, 250, 0.08, 0) * exp(rnorm(18, 0, 0.02)), 3))
U$few <- list(c(1, 2, 4, 8), c(980.3, 1899.1, 3512.8, 5903.4)); U$linear <- list(c(1, 1, 2, 2, 3, 3, 4, 4), c(100, 101, 201, 199, 303, 298, 402, 397))
for (u in names(U)) {
  d <- data.frame(n = U[[u]][[1]], x = U[[u]][[2]]); S[[paste0("size_", u)]] <- d$n; S[[paste0("rate_", u)]] <- d$x; ctl <- nls.control(maxiter = 200, tol = 1e-9, minFactor = 1e-14, warnOnly = TRUE)
  fits <- list(amdahl_fit = nls(log(x) ~ l + log(n) - log(1 + s * (n - 1)), d, list(l = log(d$x[1]), s = 0.05), control = ctl), usl_fit = nls(log(x) ~ l + log(n) - log(1 + s * (n - 1) + k * n * (n - 1)), d, list(l = log(d$x[1]), s = 0.05, k = 1e-4), control = ctl))
  for (f in names(fits)) { b <- coef(fits[[f]]); usl <- "k" %in% names(b); a <- paste0("size_", u); r <- paste0("rate_", u)
    for (i in 1:200) { k <- if (usl) b["k"] else 0; q <- 1 + b["s"] * (d$n - 1) + k * d$n * (d$n - 1); e <- b["l"] + log(d$n) - log(q) - log(d$x) # Gauss-Newton with the exact gradient: nls stops early and differentiates numerically
      J <- cbind(1, -(d$n - 1) / q); if (usl) J <- cbind(J, -d$n * (d$n - 1) / q); b <- b - solve(crossprod(J), crossprod(J, e))[, 1] }
    stopifnot(max(abs(b - coef(fits[[f]]))) < 1e-5); se <- sqrt(diag(solve(crossprod(J))) * sum(e^2) / (nrow(d) - length(b)))
    put(f, a, r, "lambda", exp(b["l"])); put(f, a, r, "sigma", b["s"]); put(f, a, r, "sigma_se", se[2]); put(f, a, r, "rss", sum(e^2)); if (usl) { put(f, a, r, "kappa", b["k"]); put(f, a, r, "kappa_se", se[3]) } }
}

# BCa from stored resamples, written out step by step
lines <- character()
for (s in c("five", "normal10", "lognormal20", "five_outlier")) {
  x <- S[[s]]; n <- length(x); R <- 499; idx <- matrix(sample(n, R * n, TRUE), R); lines <- c(lines, paste(s, paste(t(idx) - 1, collapse = " "), sep = "\t"))
  for (f in c("mean", "median", "sd")) { fun <- match.fun(f); t0 <- fun(x); t <- apply(idx, 1, function(i) fun(x[i])); z0 <- qnorm((sum(t < t0) + sum(t == t0) / 2) / R)
    j <- sapply(seq_len(n), function(i) fun(x[-i])); a <- sum((mean(j) - j)^3) / (6 * sum((mean(j) - j)^2)^1.5)
    for (level in c(0.9, 0.95)) { e <- sapply(c((1 - level) / 2, 1 - (1 - level) / 2), function(al) { z <- z0 + qnorm(al); quantile(t, pnorm(z0 + z / (1 - a * z)), type = 6) })
      put("bca_low", s, f, level, e[1]); put("bca_high", s, f, level, e[2]) } }
}
writeLines(lines, "resamples.tsv")

writeLines(sapply(names(S), function(s) paste(s, paste(num(S[[s]]), collapse = " "), sep = "\t")), "samples.tsv")
writeLines(out, "expected.tsv")
writeLines(c(R.version.string, sapply(c("coin", "car", "mvtnorm"), function(p) paste(p, packageVersion(p))), paste(length(S), "samples,", length(pairs), "pairs,", length(out), "values")), "versions.txt")
