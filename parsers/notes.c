#include "parsers/notes.h"

struct note_list {
    struct sb_run_note *first, *last;
};

struct sb_run_note *sb_notes_first(const struct sb_dataset *ds)
{
    const struct note_list *list = ds->parser_notes;
    return list ? list->first : NULL;
}

struct sb_run_note *sb_note_run(struct sb_dataset *ds, size_t run)
{
    struct note_list *list = ds->parser_notes;
    if (!list) ds->parser_notes = list = sb_arena_calloc(&ds->arena, 1, sizeof *list);
    if (list->last && list->last->run == run) return list->last;
    struct sb_run_note *note = sb_arena_calloc(&ds->arena, 1, sizeof *note);
    note->run = run;
    note->heading = "";
    if (list->last)
        list->last->next = note;
    else
        list->first = note;
    list->last = note;
    return note;
}

void sb_note_give(struct sb_dataset *ds, struct sb_run_note *note, const struct sb_labels *labels)
{
    struct sb_label *copy = sb_arena_alloc(&ds->arena, (note->given.nr + labels->nr + 1) * sizeof *copy);
    size_t nr = 0;
    for (size_t i = 0; i < note->given.nr; i++)
        copy[nr++] = note->given.v[i];
    for (size_t i = 0; i < labels->nr; i++) {
        const char *name = sb_dataset_intern(ds, labels->v[i].name),
                   *value = sb_dataset_intern(ds, labels->v[i].value);
        if (!value || !*value) continue;
        copy[nr++] = (struct sb_label){name, value};
        sb_labels_set(&ds->runs[note->run].labels, name, value);
    }
    note->given = (struct sb_labels){copy, nr, nr};
}
