# SPDX-License-Identifier: ISC
"""Simulates machine failures that tests cannot cause: a disk that hangs, a clock that
jumps. A library is loaded before the C library, and a file tells it what to do."""

import os
import shlex
import subprocess
from pathlib import Path

from milter import Milter


class Preload:
    """A library that one milter loads before the C library, from its next start on."""

    source = ""

    def __init__(self, milter: Milter, folder: Path) -> None:
        self._milter = milter
        self.file = folder / "told"
        self.file.unlink(missing_ok=True)
        source, library = folder / "preload.c", folder / "preload.so"
        source.write_text(self.source)
        compiler = shlex.split(os.environ.get("CC", "cc"))
        subprocess.run([*compiler, "-shared", "-fPIC", f'-DTOLD="{self.file}"',
                        "-o", str(library), str(source)], check=True)
        milter.environment["LD_PRELOAD"] = str(library)
        # AddressSanitizer insists on being the first library, but does not need to be.
        milter.environment["ASAN_OPTIONS"] = ":".join(
            filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))

    def remove(self) -> None:
        self.file.unlink(missing_ok=True)
        for name in ("LD_PRELOAD", "ASAN_OPTIONS"):
            self._milter.environment.pop(name, None)


class HangingDisk(Preload):
    """Each program that writes to the disk waits until it continues."""

    source = r"""
#include <sys/syscall.h>
#include <unistd.h>

static void pass(void)
{
    while (access(TOLD, F_OK) == 0)
        usleep(5000);
}

int fdatasync(int file)
{
    pass();
    return (int)syscall(SYS_fdatasync, file);
}

int fsync(int file)
{
    pass();
    return (int)syscall(SYS_fsync, file);
}
"""

    def hang(self) -> None:
        self.file.touch()

    def let_go(self) -> None:
        self.file.unlink(missing_ok=True)


class WrongClock(Preload):
    """Changes the time of day. The speed at which time passes stays the same."""

    source = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long offset_s(void)
{
    char text[32] = "";
    int file = open(TOLD, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return 0;
    if (read(file, text, sizeof text - 1) < 0)
        text[0] = '\0';
    close(file);
    return atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int status = (int)syscall(SYS_clock_gettime, clock, now);

    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += offset_s();
    return status;
}

time_t time(time_t *now_out)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (now_out)
        *now_out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *now_out, void *zone)
{
    struct timespec now;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    now_out->tv_sec = now.tv_sec;
    now_out->tv_usec = now.tv_nsec / 1000;
    return 0;
}
"""

    def set_ahead(self, seconds: int) -> None:
        """Written in one step, so that a reader finds either the old number or the new
        one."""
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self.file)

    def set_right(self) -> None:
        self.file.unlink(missing_ok=True)


class SlowWaking(Preload):
    """A thread that waited with a limit goes on a moment after it was woken, as on a
    machine that is busy."""

    source = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *lock,
                           const struct timespec *until)
{
    int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    void *function = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    int status;

    if (!function) /* only where glibc is old enough to have had another before */
        function = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    memcpy(&wait, &function, sizeof wait);
    status = wait(condition, lock, until);
    pthread_mutex_unlock(lock);
    usleep(200 * 1000);
    pthread_mutex_lock(lock);
    return status;
}
"""


class Scarcity(Preload):
    """There is none of something from use_up() to give_back()."""

    def use_up(self) -> None:
        self.file.touch()

    def give_back(self) -> None:
        self.file.unlink(missing_ok=True)


class LittleMemory(Scarcity):
    """For one thing of more than half a kilobyte."""

    source = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

void *calloc(size_t count, size_t size)
{
    static void *(*allocate)(size_t, size_t);
    void *function;

    if (count == 1 && size > 512 && access(TOLD, F_OK) == 0) {
        errno = ENOMEM;
        return NULL;
    }
    if (!allocate) {
        function = dlsym(RTLD_NEXT, "calloc");
        memcpy(&allocate, &function, sizeof allocate);
    }
    return allocate(count, size);
}
"""


class NoThreads(Scarcity):
    """As where pids.max of a cgroup is reached."""

    source = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                   void *(*run)(void *), void *data)
{
    int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    void *function = dlsym(RTLD_NEXT, "pthread_create");

    if (access(TOLD, F_OK) == 0)
        return EAGAIN;
    memcpy(&create, &function, sizeof create);
    return create(thread, attributes, run, data);
}
"""


class HastyClock(Preload):
    """While it is told so, each look at the clock for deadlines finds an hour more."""

    source = r"""
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static atomic_int hours;
    int status = (int)syscall(SYS_clock_gettime, clock, now);

    if (status == 0 && clock == CLOCK_MONOTONIC)
        now->tv_sec += 3600 * (access(TOLD, F_OK) == 0 ? ++hours : hours);
    return status;
}
"""

    def begin(self) -> None:
        self.file.touch()
