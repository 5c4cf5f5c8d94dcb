# From a tidy CSV: the cpu tests' events_per_second alone, on PLATFORM multiplied by FACTOR. The other figures of those
# runs are left out, as they would contradict the new one.
BEGIN { FS = OFS = "," }
NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
$at["test"] == "cpu" && $at["metric"] !~ /^(events_per_second|param\..*)$/ { next }
$at["test"] == "cpu" && $at["platform"] == platform && $at["metric"] == "events_per_second" { $at["value"] *= factor }
{ print }
