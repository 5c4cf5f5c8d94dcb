#include "cli/cli.h"

#include <signal.h>
#include <unistd.h>
#include "cli/commands.h"
#include "cli/workers.h"
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "io/outfile.h"

static const struct sb_command *const commands[] = {
    &sb_cmd_run,   &sb_cmd_collect, &sb_cmd_image,   &sb_cmd_report,  &sb_cmd_parse,
    &sb_cmd_audit, &sb_cmd_analyze, &sb_cmd_compare, &sb_cmd_effects, &sb_cmd_repetitions,
    &sb_cmd_plot,  &sb_cmd_gate,    &sb_cmd_diff,    &sb_cmd_history, &sb_cmd_explain,
};

static void print_help(FILE *to)
{
    fputs("usage: sbstat COMMAND [options] PATH...\n\n"
          "Reads raw sysbench logs and says which platform is faster, by how much, and how sure that "
          "is.\n\ncommands:\n",
          to);
    for (size_t i = 0; i < SB_ARRAY_SIZE(commands); i++)
        fprintf(to, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\nA PATH is a log, a folder of logs, a tidy CSV, or - for standard input.\n"
          "'sbstat COMMAND --help' has the options. Start with: sbstat report LOGS -o report\n",
          to);
}

static const struct sb_command *find_command(const char *name)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(commands); i++)
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    return NULL;
}

static int report_error(const struct sb_err *err)
{
    struct sb_strbuf shown = SB_STRBUF_INIT;
    fflush(stdout);
    sb_text_visible(&shown, err->msg, strlen(err->msg), false);
    fprintf(stderr, "sbstat: %s\n", shown.buf);
    sb_strbuf_release(&shown);
    return sb_err_exit_status(err->code);
}

/* Output that stdio still holds must reach the disk before we claim success. */
static int close_stdout(int status)
{
    struct sb_err err = {.code = SB_ERR_OUTPUT, .msg = "cannot write standard output"};
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    return report_error(&err);
}

static void on_fatal_signal(int signal_number)
{
    sb_workers_stop();
    sb_outfile_cleanup();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void on_out_of_memory(size_t wanted)
{
    static const char msg[] = "sbstat: out of memory\n";
    (void)wanted;
    sb_workers_stop();
    sb_outfile_cleanup();
    if (write(STDERR_FILENO, msg, sizeof msg - 1) < 0) _exit(70);
    _exit(70);
}

static void install_handlers(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    struct sigaction action = {.sa_handler = on_fatal_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SB_ARRAY_SIZE(signals); i++)
        sigaddset(&action.sa_mask, signals[i]); /* cleaning up is not interrupted by another of them */
    signal(SIGCHLD, SIG_DFL); /* ignored, which is inherited, it would hide how our processes end */
    for (size_t i = 0; i < SB_ARRAY_SIZE(signals); i++) {
        struct sigaction before;
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a failed write, with a message */
    sb_set_oom_handler(on_out_of_memory);
}

static int run_command(const struct sb_command *command, int argc, char **argv)
{
    struct sb_options options;
    struct sb_err err = {.code = SB_ERR_INTERNAL, .msg = "failed without saying why"};
    int status = -1;
    char **typed = sb_xmalloc(((size_t)argc + 1) * sizeof *typed); /* getopt reorders argv */
    memcpy(typed, argv, (size_t)argc * sizeof *typed);
    typed[argc] = NULL;
    struct sb_invocation in = {&options, argc, typed};
    if (!sb_options_parse(&options, command, argc, argv, &err)) {
        status = report_error(&err);
    } else if (options.help) {
        sb_options_help(command);
        status = 0;
    } else {
        status = command->run(&in, &err);
        if (status < 0) status = report_error(&err);
    }
    sb_options_release(&options);
    free(typed);
    return close_stdout(status);
}

int sb_cli_main(int argc, char **argv)
{
    install_handlers();
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        const struct sb_command *about = argc > 2 ? find_command(argv[2]) : NULL;
        if (about)
            sb_options_help(about);
        else
            print_help(stdout);
        return close_stdout(0);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("sbstat " SBSTAT_VERSION);
        return close_stdout(0);
    }
    const struct sb_command *command = find_command(argv[1]);
    if (!command) {
        struct sb_err err;
        sb_fail(&err, SB_ERR_USAGE, "\"%.60s\" is not a command; see 'sbstat --help'", argv[1]);
        return report_error(&err);
    }
    return run_command(command, argc - 1, argv + 1);
}
