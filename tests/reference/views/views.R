# What R makes of design.csv and warmup.log, for test_views.sh.
#
#   Rscript views.R > expected.tsv      (R >= 4.2; r-cran-car)
#
# Lines: command, row selector, column, value. Replicates are boots: the mean (of the logarithms) of a boot's runs.
suppressMessages(library(car))
out <- function(command, selector, ...) {
  v <- list(...)
  for (n in names(v)) cat(command, "\t", selector, "\t", n, "\t", format(v[[n]], digits = 17, trim = TRUE), "\n", sep = "")
}
cat("# R ", as.character(getRversion()), ", car ", as.character(packageVersion("car")), "\n", sep = "")

d <- read.csv("design.csv", stringsAsFactors = FALSE)
d$log <- log(d$value)
boots <- aggregate(cbind(value, log) ~ platform + config + test + vcpus + boot, d, mean)
cell <- function(p, v, t) boots[boots$platform == p & boots$vcpus == v & boots$test == t, ]
runs <- function(p, v, t) d[d$platform == p & d$vcpus == v & d$test == t, ]

# ---- effects: type II analysis of variance, equally weighted marginal means
for (t in c("cpu", "memory")) {
  b <- boots[boots$test == t, ]
  b$platform <- factor(b$platform, c("raw", "docker"))
  b$vcpus <- factor(b$vcpus)
  options(contrasts = c("contr.sum", "contr.poly"))
  m <- lm(log ~ platform * vcpus, b)
  a <- Anova(m, type = 2)
  rows <- rownames(a)[1:3]
  adjusted <- NULL
  for (r in rows)
    out("effects", paste0("test=", t, ";part=term;term=", r), df = a[r, "Df"], sum_of_squares = a[r, "Sum Sq"],
        f = a[r, "F value"], p = a[r, "Pr(>F)"],
        partial_eta2 = a[r, "Sum Sq"] / (a[r, "Sum Sq"] + a["Residuals", "Sum Sq"]))
  cells <- tapply(b$log, list(b$platform, b$vcpus), mean)
  sizes <- table(b$platform, b$vcpus)
  s2 <- deviance(m) / df.residual(m)
  q <- qt(0.975, df.residual(m))
  diff <- mean(cells["docker", ]) - mean(cells["raw", ])
  se <- sqrt(s2 * sum(1 / sizes) / 9)
  out("effects", paste0("test=", t, ";part=ratio;level=docker"), ratio = exp(diff), ratio_low = exp(diff - q * se),
      ratio_high = exp(diff + q * se))
  for (v in c("2", "4")) {
    diff <- mean(cells[, v]) - mean(cells[, "1"])
    se <- sqrt(s2 * (sum(1 / sizes[, v]) + sum(1 / sizes[, "1"])) / 4)
    out("effects", paste0("test=", t, ";part=ratio;level=", v), ratio = exp(diff), ratio_low = exp(diff - q * se),
        ratio_high = exp(diff + q * se))
  }
  groups <- interaction(b$platform, b$vcpus)
  brown <- summary(aov(abs(b$log - ave(b$log, groups, FUN = median)) ~ groups))[[1]][["Pr(>F)"]][1]
  out("effects", paste0("test=", t, ";part=residuals"), df_residual = df.residual(m), residual_sd = sqrt(s2),
      normality_p = shapiro.test(residuals(m))$p.value, equal_spread_p = brown)
}

# ---- repetitions: ANOVA estimator of the components, costs 30 for a boot and 10 for a run, half width 1 %
for (p in c("raw", "docker")) for (v in c(1, 2, 4)) for (t in c("cpu", "memory")) {
  r <- runs(p, v, t)
  a <- anova(lm(log ~ factor(boot), r))
  n <- table(r$boot)
  n0 <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  within <- a[2, "Mean Sq"]
  between <- max(0, (a[1, "Mean Sq"] - within) / n0)
  k <- if (between == 0) 20 else max(1, round(sqrt(within / between * 30 / 10)))
  m <- 2
  while (qt(0.975, m - 1) * sqrt((between + within / k) / m) > log(1.01)) m <- m + 1
  out("repetitions", sprintf("platform=%s;vcpus=%d;test=%s", p, v, t), n = length(n), n_runs = sum(n), sd_between = sqrt(between),
      sd_within = sqrt(within), icc = between / (between + within), runs_per_boot = k, boots = m)
}

# ---- analyze: intervals on request
for (t in c("cpu", "memory")) {
  x <- cell("raw", 4, t)
  n <- nrow(x)
  g <- t.test(x$log)$conf.int
  half <- qt(0.975, n - 1) * sd(x$value) * sqrt(1 + 1 / n)
  out("summary", paste0("platform=raw;vcpus=4;test=", t), geomean = exp(mean(x$log)), geo_low = exp(g[1]), geo_high = exp(g[2]),
      median = median(x$value), median_attained = 1 - 2 * 0.5^n, prediction_low = mean(x$value) - half,
      prediction_high = mean(x$value) + half)
}

# ---- compare: estimates and tests
delta <- function(x, y) mean(sign(outer(y, x, "-")))
for (v in c(1, 2, 4)) for (t in c("cpu", "memory")) {
  x <- cell("raw", v, t)
  y <- cell("docker", v, t)
  key <- sprintf("vcpus=%d;test=%s", v, t)
  w <- t.test(y$value, x$value)
  out("difference", key, estimate = mean(y$value) - mean(x$value), estimate_low = w$conf.int[1], estimate_high = w$conf.int[2])
  h <- suppressWarnings(wilcox.test(y$value, x$value, conf.int = TRUE, exact = TRUE))
  out("shift", key, estimate = median(outer(y$value, x$value, "-")), p = h$p.value)
  z <- c(x$log, y$log)
  take <- combn(length(z), nrow(y))
  sums <- abs(apply(take, 2, function(i) sum((z - mean(z))[i])))
  seen <- abs(sum((z - mean(z))[(nrow(x) + 1):length(z)]))
  out("permutation", key, p = mean(sums >= seen - 1e-12), p_floor = mean(sums >= max(sums) - 1e-12), p_error = 0,
      cliffs_delta = delta(x$value, y$value))
}

# ---- compare --aggregate: mean of log ratios over tests, above 1 better; Satterthwaite
for (v in c(1, 2, 4)) {
  parts <- lapply(c("cpu", "memory"), function(t) {
    w <- t.test(cell("docker", v, t)$log, cell("raw", v, t)$log)
    list(diff = -diff(w$estimate), se = w$stderr, df = w$parameter)
  })
  diff <- mean(sapply(parts, function(p) p$diff))
  var <- sapply(parts, function(p) p$se^2) / 4
  df <- sum(var)^2 / sum(var^2 / sapply(parts, function(p) p$df))
  half <- qt(0.975, df) * sqrt(sum(var))
  out("aggregate", sprintf("vcpus=%d", v), tests = 2, ratio = exp(diff), ratio_low = exp(diff - half), ratio_high = exp(diff + half))
}

# ---- analyze --scaling vcpus
for (p in c("raw", "docker")) for (t in c("cpu", "memory")) {
  b <- boots[boots$platform == p & boots$test == t, ]
  one <- mean(b$log[b$vcpus == 1])
  for (v in c(2, 4)) {
    s <- exp(mean(b$log[b$vcpus == v]) - one)
    w <- exp(t.test(b$log[b$vcpus == v], b$log[b$vcpus == 1])$conf.int)
    out("scaling", sprintf("platform=%s;test=%s;part=point;size=%d", p, t, v), speedup = s, speedup_low = w[1], speedup_high = w[2],
        efficiency = s / v)
  }
  b$N <- b$vcpus
  fit <- nls(log ~ l + log(N) - log(1 + s * (N - 1) + k * N * (N - 1)), b, start = list(l = one, s = 0.1, k = 0.01),
             control = nls.control(tol = 1e-9, maxiter = 500, minFactor = 1e-14, scaleOffset = 1))
  co <- coef(fit)
  out("scaling", sprintf("platform=%s;test=%s;part=law;law=usl", p, t), lambda = exp(co[["l"]]), sigma = co[["s"]],
      kappa = co[["k"]], peak = sqrt((1 - co[["s"]]) / co[["k"]]), rss = deviance(fit))
  fit <- nls(log ~ l + log(N) - log(1 + s * (N - 1)), b, start = list(l = one, s = 0.1),
             control = nls.control(tol = 1e-9, maxiter = 500, minFactor = 1e-14, scaleOffset = 1))
  out("scaling", sprintf("platform=%s;test=%s;part=law;law=amdahl", p, t), lambda = exp(coef(fit)[["l"]]), sigma = coef(fit)[["s"]],
      rss = deviance(fit))
}

# ---- analyze --steady: MSER-5, then batch means from the end backwards
x <- as.numeric(sub(".*eps: ([0-9.]+) .*", "\\1", grep("^\\[", readLines("warmup.log"), value = TRUE)))
b <- colMeans(matrix(x[1:(5 * (length(x) %/% 5))], 5))
k <- length(b)
mser <- sapply(0:(k %/% 2), function(d) { r <- b[(d + 1):k]; sum((r - mean(r))^2) / (k - d)^2 })
cut <- 5 * (which.min(mser) - 1)
rest <- x[(cut + 1):length(x)]
size <- floor(sqrt(length(rest)))
repeat {
  batches <- length(rest) %/% size
  kept <- rest[(length(rest) - batches * size + 1):length(rest)]
  means <- colMeans(matrix(kept, size))
  lag1 <- acf(means, plot = FALSE)$acf[2]
  if (lag1 <= 1.645 / sqrt(batches) || length(rest) %/% (2 * size) < 8) break
  size <- 2 * size
}
w <- t.test(means)
out("steady", "metric=events_per_second", n = length(x), cut = cut, mean = mean(rest), ci_low = w$conf.int[1],
    ci_high = w$conf.int[2], batches = batches, batch_size = size, lag1 = lag1)
