/* Default settings; declared in analyze.h. */
#include "analyze/analyze.h"

void sb_analysis_defaults(struct sb_analysis_settings *settings)
{
    *settings = (struct sb_analysis_settings){.confidence = 0.95,
                                              .alpha = 0.05,
                                              .margin = 0.02,
                                              .correction = "holm",
                                              .p_method = "welch",
                                              .include_suspect = false};
}
