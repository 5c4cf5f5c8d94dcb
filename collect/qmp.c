#include "collect/qmp.h"

#include <math.h>
#include "core/text.h"
#include "io/json.h"

enum { REPLY_MAX = 1 << 20 };

/* ---- messages ---- */

static struct json_object *next_message(struct sb_qmp *qmp, double deadline, struct sb_err *err)
{
    struct sb_strbuf line = SB_STRBUF_INIT;
    struct json_object *message = NULL;
    enum sb_wire_end end = sb_wire_line(&qmp->wire, &line, REPLY_MAX, deadline);
    if (end != SB_WIRE_OK)
        sb_fail(err, SB_ERR_STEP, "QEMU's monitor (QMP): %s", sb_wire_words(end));
    else
        message = sb_json_parse("QEMU's monitor (QMP)", line.buf, line.len, err);
    sb_strbuf_release(&line);
    if (message && !json_object_is_type(message, json_type_object)) {
        json_object_put(message);
        message = NULL;
        sb_fail(err, SB_ERR_STEP, "QEMU's monitor (QMP) says something that is no message");
    }
    return message;
}

/* What a reply returns; NULL with err when it is an error. *event: it is no reply. */
static struct json_object *take_return(struct json_object *message, const char *command, bool *event,
                                       struct sb_err *err)
{
    struct json_object *value, *text;
    *event = false;
    if (json_object_object_get_ex(message, "return", &value)) return json_object_get(value);
    if (json_object_object_get_ex(message, "error", &value)) {
        bool said = json_object_is_type(value, json_type_object) &&
                    json_object_object_get_ex(value, "desc", &text) &&
                    json_object_is_type(text, json_type_string);
        sb_fail(err, SB_ERR_STEP, "QEMU's monitor (QMP): %s: %.300s", command,
                said ? json_object_get_string(text) : "an error");
        return NULL;
    }
    *event = true;
    return NULL;
}

static struct json_object *converse(struct sb_qmp *qmp, const char *command, struct json_object *request,
                                    double deadline, struct sb_err *err)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_json_write(&text, request, false);
    sb_strbuf_addc(&text, '\n');
    enum sb_wire_end end = sb_wire_send(&qmp->wire, text.buf, text.len, deadline);
    sb_strbuf_release(&text);
    if (end != SB_WIRE_OK) {
        sb_fail(err, SB_ERR_STEP, "QEMU's monitor (QMP): %s: %s", command, sb_wire_words(end));
        return NULL;
    }
    for (;;) {
        bool event;
        struct json_object *message = next_message(qmp, deadline, err);
        if (!message) return NULL;
        struct json_object *value = take_return(message, command, &event, err);
        json_object_put(message);
        qmp->refused = !value && !event;
        if (value || !event) return value;
    }
}

static struct json_object *ask(struct sb_qmp *qmp, const char *command, struct json_object *arguments,
                               double deadline, struct sb_err *err)
{
    struct json_object *request = json_object_new_object();
    qmp->refused = false;
    sb_json_add(request, "execute", sb_json_text(command));
    if (arguments) sb_json_add(request, "arguments", arguments);
    struct json_object *value = converse(qmp, command, request, deadline, err);
    json_object_put(request);
    return value;
}

/* ---- opening ---- */

/* {"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "..."}, ...}} */
static bool take_greeting(struct sb_qmp *qmp, const struct json_object *greeting, struct sb_err *err)
{
    static const char *const path[] = {"QMP", "version", "qemu"};
    static const char *const parts[] = {"major", "minor", "micro"};
    struct json_object *at = NULL, *part;
    int numbers[3];
    const struct json_object *outer = greeting;
    for (size_t i = 0; i < 3; i++, outer = at)
        if (!json_object_is_type(outer, json_type_object) || !json_object_object_get_ex(outer, path[i], &at))
            return sb_fail(err, SB_ERR_STEP, "QEMU's monitor (QMP) does not greet");
    for (size_t i = 0; i < 3; i++) {
        if (!json_object_is_type(at, json_type_object) || !json_object_object_get_ex(at, parts[i], &part))
            return sb_fail(err, SB_ERR_STEP, "QEMU's monitor (QMP) does not say its version");
        numbers[i] = json_object_get_int(part);
    }
    snprintf(qmp->version, sizeof qmp->version, "%d.%d.%d", numbers[0], numbers[1], numbers[2]);
    return true;
}

bool sb_qmp_open(struct sb_qmp *qmp, const char *path, double deadline, struct sb_err *err)
{
    struct sb_err why = {.code = SB_OK};
    if (sb_wire_open(&qmp->wire, path, deadline, &why) != SB_WIRE_OK)
        return sb_fail(err, why.code, "QEMU's monitor (QMP): %s", why.msg);
    struct json_object *greeting = next_message(qmp, deadline, err);
    if (!greeting) return false;
    bool ok = take_greeting(qmp, greeting, err);
    json_object_put(greeting);
    if (!ok) return false;
    struct json_object *value = sb_qmp_ask(qmp, "qmp_capabilities", deadline, err);
    json_object_put(value);
    return value != NULL;
}

void sb_qmp_close(struct sb_qmp *qmp)
{
    sb_wire_close(&qmp->wire);
}

/* ---- questions ---- */

struct json_object *sb_qmp_ask(struct sb_qmp *qmp, const char *command, double deadline, struct sb_err *err)
{
    return ask(qmp, command, NULL, deadline, err);
}

bool sb_qmp_human(struct sb_qmp *qmp, const char *line, double deadline, struct sb_strbuf *out,
                  struct sb_err *err)
{
    struct json_object *arguments = json_object_new_object();
    sb_json_add(arguments, "command-line", sb_json_text(line));
    struct json_object *text = ask(qmp, "human-monitor-command", arguments, deadline, err);
    if (!text) return false;
    bool ok = json_object_is_type(text, json_type_string);
    if (ok)
        sb_strbuf_add(out, json_object_get_string(text), (size_t)json_object_get_string_len(text));
    else
        sb_fail(err, SB_ERR_STEP, "QEMU's monitor (QMP): %s: no text", line);
    json_object_put(text);
    return ok;
}

bool sb_qmp_kvm(struct sb_qmp *qmp, double deadline, bool *enabled, struct sb_err *err)
{
    struct json_object *flag, *value = sb_qmp_ask(qmp, "query-kvm", deadline, err);
    if (!value) return false;
    bool ok = json_object_is_type(value, json_type_object) &&
              json_object_object_get_ex(value, "enabled", &flag) &&
              json_object_is_type(flag, json_type_boolean);
    if (ok)
        *enabled = json_object_get_boolean(flag);
    else
        sb_fail(err, SB_ERR_STEP, "QEMU's monitor (QMP): query-kvm: does not say whether it is enabled");
    json_object_put(value);
    return ok;
}

/* [{"cpu-index": 0, "thread-id": 4711, ...}, ...] since QEMU 2.12 */
bool sb_qmp_cpus(struct sb_qmp *qmp, double deadline, size_t *cpus, struct sb_err *err)
{
    struct json_object *value = sb_qmp_ask(qmp, "query-cpus-fast", deadline, err);
    *cpus = json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 0;
    json_object_put(value);
    return value || qmp->refused;
}

/* {"base-memory": 536870912, "plugged-memory": 0} since QEMU 2.11 */
bool sb_qmp_memory(struct sb_qmp *qmp, double deadline, double *bytes, struct sb_err *err)
{
    struct json_object *base, *value = sb_qmp_ask(qmp, "query-memory-size-summary", deadline, err);
    bool said = json_object_is_type(value, json_type_object) &&
                json_object_object_get_ex(value, "base-memory", &base) &&
                json_object_is_type(base, json_type_int);
    *bytes = said ? (double)json_object_get_int64(base) : NAN;
    json_object_put(value);
    return value || qmp->refused;
}

/* Lines as "  TCP[HOST_FORWARD]  14       127.0.0.1 43123       10.0.2.15    22     0     0". */
unsigned sb_usernet_port(const char *text)
{
    static const char mark[] = "TCP[HOST_FORWARD]";
    for (const char *at = strstr(text, mark); at; at = strstr(at + 1, mark)) {
        unsigned fd, port, to;
        char from[64], guest[64];
        if (sscanf(at + sizeof mark - 1, "%9u %63s %9u %63s %9u", &fd, from, &port, guest, &to) == 5 &&
            to == 22 && port > 0 && port < 65536)
            return port;
    }
    return 0;
}

bool sb_qmp_forwarded_port(struct sb_qmp *qmp, double deadline, unsigned *port, struct sb_err *err)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    bool ok = sb_qmp_human(qmp, "info usernet", deadline, &text, err);
    if (ok && !(*port = sb_usernet_port(text.buf)))
        ok = sb_fail(err, SB_ERR_STEP, "QEMU does not say which port it forwards to the guest's ssh server");
    sb_strbuf_release(&text);
    return ok;
}
