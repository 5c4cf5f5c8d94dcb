/* Drawing in one panel, whichever way it lies. */
#include "plot/panels.h"
#include <math.h>

double sb_pane_px(const struct sb_pane *pane, double value)
{
    return sb_scale_px(&pane->scale, sb_scale_within(value));
}

struct sb_box sb_pane_box(const struct sb_pane *pane, double across0, double across1, double px0, double px1)
{
    if (pane->flat) return (struct sb_box){fmin(px0, px1), across0, fmax(px0, px1), across1};
    return (struct sb_box){across0, fmin(px0, px1), across1, fmax(px0, px1)};
}

void sb_pane_rule(struct sb_canvas *cv, const struct sb_pane *pane, double across, double px0, double px1,
                  double width, struct sb_rgb color)
{
    struct sb_box b = sb_pane_box(pane, across - width / 2, across + width / 2, px0, px1);
    sb_dl_rect(cv->dl, b.x0, b.y0, b.x1 - b.x0, b.y1 - b.y0, color, 1);
}

void sb_pane_cap(struct sb_canvas *cv, const struct sb_pane *pane, double across0, double across1, double px,
                 double width, struct sb_rgb color)
{
    struct sb_box b = sb_pane_box(pane, across0, across1, px - width / 2, px + width / 2);
    sb_dl_rect(cv->dl, b.x0, b.y0, b.x1 - b.x0, b.y1 - b.y0, color, 1);
}

double sb_pane_zero(const struct sb_pane *pane)
{
    return sb_scale_px(&pane->scale, fmin(fmax(0, pane->scale.low), pane->scale.high));
}

void sb_pane_no_data(struct sb_canvas *cv, const struct sb_pane *pane, double centre)
{
    struct sb_font font = {9.5, SB_REGULAR, false};
    double zero = sb_pane_zero(pane), middle = centre + font.size * SB_TYPE_CAP / 2;
    double room = pane->flat ? pane->area.x1 - zero : zero - pane->area.y0;
    if (pane->pitch >= 10 && room > 52) {
        if (pane->flat)
            sb_dl_text(cv->dl, zero + 5, middle, SB_START, font, cv->theme->muted, "no data");
        else
            sb_dl_text_upward(cv->dl, middle, zero - 6, SB_START, font, cv->theme->muted, "no data");
        return;
    }
    double r = fmin(2.2, pane->pitch * 0.3), x = pane->flat ? zero + 5 : centre,
           y = pane->flat ? centre : zero - 5;
    sb_dl_segment(cv->dl, x - r, y - r, x + r, y + r, 0.9, cv->theme->muted);
    sb_dl_segment(cv->dl, x - r, y + r, x + r, y - r, 0.9, cv->theme->muted);
}

void sb_pane_label(struct sb_canvas *cv, const struct sb_pane *pane, double centre, double px, bool outward,
                   const char *text, struct sb_rgb color, enum sb_weight weight)
{
    struct sb_font font = sb_font_value;
    font.weight = weight;
    font.size = pane->label_size > 0 ? pane->label_size
                : pane->flat         ? fmin(font.size, pane->pitch * 0.95)
                                     : font.size;
    if (pane->flat) {
        double w = sb_type_width(text, font), x = outward ? px + 5 : px - 5 - w;
        sb_dl_rect(cv->dl, x - 2, centre - font.size / 2, w + 4, font.size, cv->theme->background, 1);
        sb_dl_text(cv->dl, x, centre + font.size * SB_TYPE_CAP / 2, SB_START, font, color, text);
        return;
    }
    double w = sb_type_width(text, font), pad = fmax(0, fmin(3, (pane->pitch - w) / 2));
    double y = outward ? px - 5 : px + 5 + font.size * SB_TYPE_CAP;
    sb_dl_rect(cv->dl, centre - w / 2 - pad, y - font.size * 0.8, w + 2 * pad, font.size * 0.9,
               cv->theme->background, 1);
    sb_dl_text(cv->dl, centre, y, SB_MIDDLE, font, color, text);
}
