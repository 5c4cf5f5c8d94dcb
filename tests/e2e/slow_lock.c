/*
 * Preloaded into the program under test: threads other than the first are slow with a lock in their hands (1
 * ms for each), as on a machine that is busy. A process that is forked meanwhile finds those locks taken for
 * ever.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    static int (*real)(pthread_mutex_t *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "pthread_mutex_lock");
    int status = real(mutex);
    if (syscall(SYS_gettid) != getpid()) nanosleep(&(struct timespec){0, 1000000}, NULL);
    return status;
}
