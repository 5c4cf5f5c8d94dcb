# Mean, standard deviation and 95 % interval of every cell and metric of sample-data/, by R's mean(), sd() and t.test().
#
#   Rscript tests/reference/summary/summary.R >tests/reference/summary/expected.csv     (from the root of the checkout)
#
# Reads the logs with regular expressions of its own, so it shares nothing with the program that it checks. A constant
# cell has no t interval: it gets the mean plus and minus half of the last printed digit.

root <- "sample-data"
number <- "([0-9]+(?:\\.[0-9]+)?)"

# metric = pattern with the number in the first group
common <- c(
  total_time         = paste0("total time: +", number, "s"),
  events             = paste0("total number of events: +", number),
  latency_min        = paste0("^ +min: +", number, "$"),
  latency_avg        = paste0("^ +avg: +", number, "$"),
  latency_max        = paste0("^ +max: +", number, "$"),
  latency_p95        = paste0("^ +95th percentile: +", number, "$"),
  latency_sum        = paste0("^ +sum: +", number, "$"),
  thread_events_mean = paste0("events \\(avg/stddev\\): +", number, "/"),
  thread_events_sd   = paste0("events \\(avg/stddev\\): +[0-9.]+/", number),
  thread_time_mean   = paste0("execution time \\(avg/stddev\\): +", number, "/"),
  thread_time_sd     = paste0("execution time \\(avg/stddev\\): +[0-9.]+/", number)
)
by_test <- list(
  cpu = c(events_per_second = paste0("events per second: +", number)),
  memory = c(
    memory_ops            = paste0("Total operations: ", number, " \\("),
    memory_ops_per_second = paste0("Total operations: [0-9]+ \\( *", number, " per second"),
    memory_transferred    = paste0("^", number, " MiB transferred"),
    memory_throughput     = paste0("MiB transferred \\(", number, " MiB/sec")
  ),
  fileio = c(
    reads_per_second  = paste0("reads/s: +", number),
    writes_per_second = paste0("writes/s: +", number),
    fsyncs_per_second = paste0("fsyncs/s: +", number),
    read_throughput   = paste0("read, MiB/s: +", number),
    write_throughput  = paste0("written, MiB/s: +", number)
  )
)

printed <- function(lines, pattern) {
  hits <- regmatches(lines, regexec(pattern, lines, perl = TRUE))
  hits <- Filter(function(h) length(h) == 2, hits)
  stopifnot(length(hits) == 1)
  hits[[1]][2]
}

half_digit <- function(text) {
  digits <- if (grepl(".", text, fixed = TRUE)) nchar(sub(".*\\.", "", text)) else 0
  0.5 * 10^-digits
}

read_log <- function(path, test) {
  lines <- sub("\r$", "", readLines(path))
  texts <- vapply(c(common, by_test[[test]]), function(p) printed(lines, p), "")
  values <- as.numeric(texts)
  names(values) <- names(texts)
  resolution <- vapply(texts, half_digit, 0)
  derived <- c(latency_mean = values[["latency_sum"]] / values[["events"]])
  if (!"events_per_second" %in% names(values))
    derived["events_per_second"] <- values[["events"]] / values[["total_time"]]
  if (test == "fileio")
    derived["total_throughput"] <- values[["read_throughput"]] + values[["write_throughput"]]
  data.frame(metric = c(names(values), names(derived)), value = c(values, derived),
             resolution = c(resolution, rep(NA, length(derived))), row.names = NULL)
}

summarise <- function(d) {
  m <- mean(d$value)
  s <- sd(d$value)
  interval <- if (s == 0) m + c(-1, 1) * max(d$resolution) else t.test(d$value)$conf.int
  sprintf("%d,%.17g,%.17g,%.17g,%.17g", nrow(d), m, s, interval[1], interval[2])
}

cat("# Made by summary.R with", R.version.string, "\n")
cat("platform,config,test,metric,n,mean,sd,ci_low,ci_high\n")
files <- list.files(root, pattern = "_b[0-9]+_r[0-9]+\\.log$", recursive = TRUE)
cells <- unique(sub("_b[0-9]+_r[0-9]+\\.log$", "", files))
for (cell in sort(cells, method = "radix")) {
  parts <- regmatches(cell, regexec("^([^/]+)/([^/]+)/(([a-z]+)_test[0-9]+)$", cell))[[1]]
  members <- files[startsWith(files, paste0(cell, "_b"))]
  runs <- do.call(rbind, lapply(file.path(root, members), read_log, test = parts[5]))
  for (metric in unique(runs$metric))
    cat(paste(parts[2], parts[3], parts[4], metric, summarise(runs[runs$metric == metric, ]), sep = ","), "\n", sep = "")
}
