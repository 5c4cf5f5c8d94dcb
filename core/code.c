#include "core/code.h"

#include "core/alloc.h"

static const struct sb_code_meaning table[] = {
    {"ACCELERATORS_DIFFER", "the compared runs had different accelerators, emulation against native for example: no verdict about the platforms"},
    {"AMBIGUOUS_CELLS", "several cells fit one side of a comparison; the first one was taken"},
    {"ARCHIVE_BOMB", "a compressed file expands far more than a log can; it was not read further"},
    {"BANNER_WITHOUT_RUN", "a sysbench banner is not followed by a run"},
    {"BOOT_UNKNOWN", "which boot a run belongs to is not known, so runs count as independent; if several share a boot, intervals are too narrow"},
    {"CONSTANT", "all values are equal: the interval is the printed resolution, and there is no p value"},
    {"FILE_BINARY", "the file is not text"},
    {"FILE_EMPTY", "the file is empty"},
    {"FILE_UNREADABLE", "the file could not be read"},
    {"LABEL_CONTRADICTION", "the manifest or a heading says one thing about a run and its path another"},
    {"LOG_UNDEFINED", "a value is zero or negative, so ratios and geometric means are undefined"},
    {"MANIFEST_UNREADABLE", "the manifest could not be read, so its labels and facts are missing"},
    {"NAME_CONTRADICTS_LOG", "the path says one thing and the log another"},
    {"NO_RUN", "the file holds no sysbench run"},
    {"ONE_BOOT", "all runs come from one boot: the difference between boots is unknown, so no verdict is possible"},
    {"ONE_RUN", "one value only: no deviation, no interval"},
    {"PARAMETERS_DIFFER", "the compared runs had different parameters"},
    {"PARAMETERS_SPLIT", "runs with the same labels had different parameters and were kept apart"},
    {"PARTIAL_RUNS", "some runs are partial: cut, interrupted, or only kept lines"},
    {"PREPARE_FAILED", "preparing or removing the test's files failed"},
    {"PRIMARY_MISSING", "the metric that stands for this measurement is missing, so there is no verdict"},
    {"RESOLUTION_UNKNOWN", "all values are equal and the printed resolution is not known, so there is no interval"},
    {"RUNS_EXCLUDED", "runs with an error-severity finding were left out of the statistics"},
    {"VALUE_MALFORMED", "a figure is written as sysbench prints none; it counts as missing"},
    {"VALUE_NEGATIVE", "a figure is negative where it cannot be; it counts as missing"},
    {"VALUE_NOT_A_NUMBER", "a figure is no number; it counts as missing"},
    {"VALUE_WRAPPED", "a figure is a wrapped unsigned number; it counts as missing"},
    {"VERSIONS_DIFFER", "the compared runs were made by different sysbench versions"},
};

const struct sb_code_meaning *sb_code_meanings(size_t *nr)
{
    *nr = SB_ARRAY_SIZE(table);
    return table;
}
