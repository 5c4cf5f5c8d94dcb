/* The cells of the design: runs grouped by the labels that split cells, by hashing their text. */
#ifndef SB_REPORT_DESIGN_H
#define SB_REPORT_DESIGN_H

#include "report/view.h"

/* Fills view->cells, sorted by sb_labels_cmp(). Works in time linear in the runs. */
void sb_view_design(struct sb_view *view);

#endif
