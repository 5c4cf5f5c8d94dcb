/* QEMU's machine protocol (docs/interop/qmp-spec in QEMU): questions to a running QEMU over a UNIX socket. */
#ifndef SB_COLLECT_QMP_H
#define SB_COLLECT_QMP_H

#include <json-c/json.h>
#include "collect/wire.h"

struct sb_qmp {
    struct sb_wire wire;
    char version[32]; /* of QEMU, from its greeting: "7.2.22" */
    bool refused;     /* the last question was answered, with an error */
};

/* Connects, reads the greeting and leaves negotiation mode. qmp->wire must have alive, data and stop set (or
 * be zero). Close it also after failure. `deadline`: a point in time of sb_monotonic(). */
bool sb_qmp_open(struct sb_qmp *qmp, const char *path, double deadline, struct sb_err *err) SB_MUST_CHECK;
void sb_qmp_close(struct sb_qmp *qmp);

/* Runs a command without arguments and gives what it returns (the caller puts it); events are passed over.
 * NULL with err. */
struct json_object *sb_qmp_ask(struct sb_qmp *qmp, const char *command, double deadline,
                               struct sb_err *err) SB_MUST_CHECK;

/* A line for the human monitor; what it prints is appended to `out`. */
bool sb_qmp_human(struct sb_qmp *qmp, const char *line, double deadline, struct sb_strbuf *out,
                  struct sb_err *err) SB_MUST_CHECK;

/* Whether KVM is in force (query-kvm). */
bool sb_qmp_kvm(struct sb_qmp *qmp, double deadline, bool *enabled, struct sb_err *err) SB_MUST_CHECK;

/* Processors (query-cpus-fast) and bytes of memory (query-memory-size-summary) that the machine began with;
 * 0, NaN: QEMU does not know the question. */
bool sb_qmp_cpus(struct sb_qmp *qmp, double deadline, size_t *cpus, struct sb_err *err) SB_MUST_CHECK;
bool sb_qmp_memory(struct sb_qmp *qmp, double deadline, double *bytes, struct sb_err *err) SB_MUST_CHECK;

/* The host's port that is forwarded to port 22 of the guest (info usernet). */
bool sb_qmp_forwarded_port(struct sb_qmp *qmp, double deadline, unsigned *port,
                           struct sb_err *err) SB_MUST_CHECK;

/* The port in the text of `info usernet`; 0 when there is none. For tests. */
unsigned sb_usernet_port(const char *text);

#endif
