# Critical values of the check TWO_MODES (analyze/audit_repetitions.c): the largest share of the variation that a split of
# the sorted values into two groups explains, when the values come from one normal distribution. Each group has at least
# a fifth of the values and at least two. Run: Rscript audit_two_modes.R
# Prints n and the 95, 99, 99.5 and 99.9 % quantiles; the table in the check is the 99 % column.
set.seed(1)
statistic <- function(n, times) {
  x <- matrix(rnorm(n * times), n)
  x <- apply(x, 2, sort)
  x <- sweep(x, 2, colMeans(x))
  total <- colSums(x^2)
  sums <- apply(x, 2, cumsum)
  m <- max(2, ceiling(n / 5))
  best <- rep(0, times)
  for (k in m:(n - m)) best <- pmax(best, sums[k, ]^2 * (1 / k + 1 / (n - k)))
  best / total
}
for (n in c(10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 200, 500, 1000)) {
  batches <- if (n <= 50) 10 else 5
  t <- unlist(lapply(seq_len(batches), function(i) statistic(n, if (n <= 100) 20000 else 4000)))
  cat(n, format(quantile(t, c(.95, .99, .995, .999)), digits = 4), "\n")
}
