#include "core/code.h"

#include "core/alloc.h"

static const struct sb_code_meaning table[] = {
    {"ACCELERATORS_DIFFER", "the compared runs had different accelerators, emulation against native for "
                            "example: no verdict about the platforms"},
    {"AMBIGUOUS_CELLS", "several cells have the same level and the same remaining labels, so they cannot be "
                        "compared and were left out"},
    {"ARCHIVE_BOMB", "a compressed file expands far more than a log can; it was not read further"},
    {"BANNER_WITHOUT_RUN", "a sysbench banner is not followed by a run"},
    {"BATCHES_CORRELATED",
     "batches of the series are still correlated, so the interval of the mean is too narrow"},
    {"BOOT_UNKNOWN", "which boot a run belongs to is not known, so runs count as independent; if several "
                     "share a boot, intervals are too narrow"},
    {"CONFOUNDED", "the compared cells differ in another label too, which always goes with the factor: the "
                   "two cannot be told apart"},
    {"CONSTANT", "all values are equal: the interval is the printed resolution, and there is no p value"},
    {"EMPTY_CELLS", "some combinations of the factors were not measured, so some terms cannot be estimated "
                    "and ratios come from main effects only"},
    {"FAMILY_WITHIN",
     "the test corrects for the levels within one combination and metric, not for all rows of the table"},
    {"FILE_BINARY", "the file is not text"},
    {"FILE_EMPTY", "the file is empty"},
    {"FILE_UNREADABLE", "the file could not be read"},
    {"LABEL_CONTRADICTION", "the manifest or a heading says one thing about a run and its path another"},
    {"LOG_UNDEFINED", "a value is zero or negative, so ratios and geometric means are undefined"},
    {"MANIFEST_UNREADABLE", "the manifest could not be read, so its labels and facts are missing"},
    {"MONTE_CARLO", "the p value was estimated by drawing divisions at random; its standard error is given"},
    {"NAME_CONTRADICTS_LOG", "the path says one thing and the log another"},
    {"NOT_MATCHED", "the levels were not measured by the same tests, so no mean over tests is given"},
    {"NO_REPLICATES", "there is one value for each combination of the factors, so nothing can be tested"},
    {"NO_RUN", "the file holds no sysbench run"},
    {"NO_STEADY_STATE", "the series does not settle: no warm-up was cut"},
    {"NULL_CONTROL", "declared to be the same thing measured twice"},
    {"NULL_CONTROL_DIFFERS",
     "the same thing measured twice differs, so something else changed between the two"},
    {"ONE_BOOT",
     "all runs come from one boot: the difference between boots is unknown, so no verdict is possible"},
    {"ONE_RUN", "one value only: no deviation, no interval"},
    {"OVERFLOW", "the values are so large that their variance is not a number"},
    {"PARAMETERS_DIFFER", "the compared runs had different parameters"},
    {"PARAMETERS_SPLIT", "runs with the same labels had different parameters and were kept apart"},
    {"PARTIAL_RUNS", "some runs are partial: cut, interrupted, or only kept lines"},
    {"PREPARE_FAILED", "preparing or removing the test's files failed"},
    {"PRIMARY_MISSING", "the metric that stands for this measurement is missing, so there is no verdict"},
    {"P_FLOOR", "even the smallest p that this test can give with so few replicates, corrected where p is, "
                "is not below alpha: no data could be significant"},
    {"RESIDUALS_NOT_NORMAL", "the residuals are not plausibly normal, so p values and intervals are rough"},
    {"RESOLUTION_UNKNOWN",
     "all values are equal and the printed resolution is not known, so there is no interval"},
    {"RUNS_EXCLUDED", "runs with an error-severity finding were left out of the statistics"},
    {"SPREAD_DIFFERS",
     "the cells do not plausibly have the same spread, so p values and intervals are rough"},
    {"SUPER_LINEAR",
     "the fitted loss is negative: scaling is better than linear, or the points are too few and too noisy"},
    {"TOO_FEW_SIZES", "there are too few different sizes for this fit"},
    {"VALUE_CUT", "the log is cut within a figure; it counts as missing"},
    {"VALUE_MALFORMED", "a figure is written as sysbench prints none; it counts as missing"},
    {"VALUE_NEGATIVE", "a figure is negative where it cannot be; it counts as missing"},
    {"VALUE_NOT_A_NUMBER", "a figure is no number; it counts as missing"},
    {"VALUE_WRAPPED", "a figure is a wrapped unsigned number; it counts as missing"},
    {"VARIANCE_TRUNCATED", "the estimate of the variance between boots was negative and is taken as 0"},
    {"VERSIONS_DIFFER", "the compared runs were made by different sysbench versions"},
    {"WITHIN_UNKNOWN", "no boot has two runs, so variation within and between boots cannot be told apart"},
};

const struct sb_code_meaning *sb_code_meanings(size_t *nr)
{
    *nr = SB_ARRAY_SIZE(table);
    return table;
}
