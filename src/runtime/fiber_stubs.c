/* The rest of what libc's object of thread stubs defines: that object is one piece, and must not be
   linked, since its mutexes exclude nobody. What is here means nothing among fibers, which cannot
   be interrupted at any place, or is not supported. */

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* libc's own. The locks of its files and lists are never contended: no fiber suspends inside of
   them. None of them returns anything but what its name says. */
void __lock(void *lock);
void __unlock(void *lock);
void __wait(volatile int *address, volatile int *waiters, int value, int private);
void __inhibit_ptc(void);
void __acquire_ptc(void);
void __release_ptc(void);
void __pthread_testcancel(void);
int emscripten_num_logical_cores(void);
bool emscripten_is_main_runtime_thread(void);
bool emscripten_has_threading_support(void);
int emscripten_futex_wait(volatile void *address, uint32_t value, double milliseconds);
int emscripten_futex_wake(volatile void *address, int count);
void emscripten_main_thread_process_queued_calls(void);
void emscripten_current_thread_process_queued_calls(void);
void emscripten_thread_sleep(double milliseconds);

void
__lock(void *lock)
{
}

void
__unlock(void *lock)
{
}

void
__wait(volatile int *address, volatile int *waiters, int value, int private)
{
}

void
__inhibit_ptc(void)
{
}

void
__acquire_ptc(void)
{
}

void
__release_ptc(void)
{
}

/* No thread ends at another one's wish: it would have to be at a place where it waits. */
int
pthread_cancel(pthread_t thread)
{
    return ENOSYS;
}

void
__pthread_testcancel(void)
{
}

void
pthread_testcancel(void)
{
}

int
pthread_setcancelstate(int state, int *former)
{
    if (former) {
        *former = PTHREAD_CANCEL_ENABLE;
    }
    return 0;
}

int
pthread_setcanceltype(int type, int *former)
{
    if (former) {
        *former = PTHREAD_CANCEL_DEFERRED;
    }
    return 0;
}

/* There is no fork(). */
int
pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    return 0;
}

int
emscripten_num_logical_cores(void)
{
    return 1;
}

bool
emscripten_is_main_runtime_thread(void)
{
    return true;
}

bool
emscripten_has_threading_support(void)
{
    /* Not what Emscripten means: threads of workers. */
    return false;
}

/* Nothing wakes a fiber by an address. */
int
emscripten_futex_wait(volatile void *address, uint32_t value, double milliseconds)
{
    return -ENOTSUP;
}

int
emscripten_futex_wake(volatile void *address, int count)
{
    return 0;
}

void
emscripten_main_thread_process_queued_calls(void)
{
}

void
emscripten_current_thread_process_queued_calls(void)
{
}

void
emscripten_thread_sleep(double milliseconds)
{
    struct timespec time = {
        .tv_sec = (time_t)(milliseconds / 1e3),
        .tv_nsec = (long)((milliseconds - (double)(time_t)(milliseconds / 1e3) * 1e3) * 1e6),
    };
    nanosleep(&time, NULL);
}
