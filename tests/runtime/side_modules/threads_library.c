/* What POSIX promises about threads. Each function returns 0, or the line of the first check that
   failed. */

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition) \
    if (!(condition)) { \
        return __LINE__; \
    }

static struct timespec
after(clockid_t clock, long milliseconds)
{
    struct timespec time;
    clock_gettime(clock, &time);
    time.tv_nsec += milliseconds * 1000000;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

static bool
has_passed(clockid_t clock, struct timespec time)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec > time.tv_sec || (now.tv_sec == time.tv_sec && now.tv_nsec >= time.tv_nsec);
}

static void *
try_to_lock(void *mutex)
{
    return (void *)(long)pthread_mutex_trylock(mutex);
}

/* Returns what another thread's pthread_mutex_trylock() gives. */
static long
tried_by_another(pthread_mutex_t *mutex)
{
    pthread_t thread;
    void *result = NULL;
    pthread_create(&thread, NULL, try_to_lock, mutex);
    pthread_join(thread, &result);
    return (long)result;
}

static int
make_mutex(pthread_mutex_t *mutex, int type)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    return pthread_mutex_init(mutex, &attributes);
}

int
mutexes(void)
{
    pthread_mutex_t mutex;
    CHECK(!make_mutex(&mutex, PTHREAD_MUTEX_RECURSIVE));
    CHECK(!pthread_mutex_lock(&mutex) && !pthread_mutex_lock(&mutex));
    CHECK(tried_by_another(&mutex) == EBUSY);
    CHECK(!pthread_mutex_unlock(&mutex));
    CHECK(tried_by_another(&mutex) == EBUSY);
    CHECK(!pthread_mutex_unlock(&mutex));
    CHECK(pthread_mutex_unlock(&mutex) == EPERM);
    CHECK(tried_by_another(&mutex) == 0);
    CHECK(!make_mutex(&mutex, PTHREAD_MUTEX_ERRORCHECK));
    CHECK(!pthread_mutex_lock(&mutex) && pthread_mutex_lock(&mutex) == EDEADLK);
    struct timespec soon = after(CLOCK_REALTIME, 30);
    CHECK(!pthread_mutex_unlock(&mutex) && tried_by_another(&mutex) == 0);
    CHECK(pthread_mutex_timedlock(&mutex, &soon) == ETIMEDOUT);
    CHECK(has_passed(CLOCK_REALTIME, soon));
    return 0;
}

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    int turn;
} ball = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void *
play(void *argument)
{
    int me = *(int *)argument;
    for (int i = 0; i < 100; i++) {
        pthread_mutex_lock(&ball.mutex);
        while (ball.turn % 3 != me) {
            pthread_cond_wait(&ball.condition, &ball.mutex);
        }
        ball.turn++;
        pthread_cond_broadcast(&ball.condition);
        pthread_mutex_unlock(&ball.mutex);
    }
    return NULL;
}

int
conditions(void)
{
    pthread_t threads[3];
    int numbers[3] = {0, 1, 2};
    for (int i = 0; i < 3; i++) {
        CHECK(!pthread_create(&threads[i], NULL, play, &numbers[i]));
    }
    for (int i = 0; i < 3; i++) {
        CHECK(!pthread_join(threads[i], NULL));
    }
    CHECK(ball.turn == 300);
    pthread_condattr_t attributes;
    pthread_cond_t condition;
    pthread_condattr_init(&attributes);
    CHECK(!pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
    CHECK(!pthread_cond_init(&condition, &attributes));
    struct timespec soon = after(CLOCK_MONOTONIC, 30);
    pthread_mutex_lock(&ball.mutex);
    CHECK(pthread_cond_timedwait(&condition, &ball.mutex, &soon) == ETIMEDOUT);
    CHECK(has_passed(CLOCK_MONOTONIC, soon));
    CHECK(pthread_mutex_trylock(&ball.mutex) == EBUSY);
    pthread_mutex_unlock(&ball.mutex);
    return 0;
}

static pthread_rwlock_t shelf = PTHREAD_RWLOCK_INITIALIZER;
static int readers, most_readers, books;

static void *
read_books(void *unused)
{
    pthread_rwlock_rdlock(&shelf);
    readers++;
    most_readers = readers > most_readers ? readers : most_readers;
    usleep(10000);
    readers--;
    pthread_rwlock_unlock(&shelf);
    return NULL;
}

static void *
write_book(void *unused)
{
    pthread_rwlock_wrlock(&shelf);
    int before = books;
    usleep(1000);
    books = readers ? -1000 : before + 1;
    pthread_rwlock_unlock(&shelf);
    return NULL;
}

int
rwlocks(void)
{
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
        CHECK(!pthread_create(&threads[i], NULL, i % 2 ? write_book : read_books, NULL));
    }
    for (int i = 0; i < 8; i++) {
        CHECK(!pthread_join(threads[i], NULL));
    }
    CHECK(books == 4 && most_readers > 1);
    CHECK(!pthread_rwlock_wrlock(&shelf) && pthread_rwlock_tryrdlock(&shelf) == EBUSY);
    struct timespec soon = after(CLOCK_REALTIME, 20);
    CHECK(pthread_rwlock_timedrdlock(&shelf, &soon) == ETIMEDOUT);
    CHECK(has_passed(CLOCK_REALTIME, soon));
    CHECK(!pthread_rwlock_unlock(&shelf) && !pthread_rwlock_tryrdlock(&shelf));
    CHECK(!pthread_rwlock_unlock(&shelf) && pthread_rwlock_unlock(&shelf) == EPERM);
    return 0;
}

static pthread_barrier_t gate;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int arrived, initialized, serial;

static void
initialize(void)
{
    sched_yield();
    initialized++;
}

static void *
arrive(void *unused)
{
    pthread_once(&once, initialize);
    arrived += initialized;
    if (pthread_barrier_wait(&gate) == PTHREAD_BARRIER_SERIAL_THREAD) {
        serial++;
    }
    return (void *)(long)arrived;
}

int
barriers_and_once(void)
{
    pthread_t threads[5];
    CHECK(!pthread_barrier_init(&gate, NULL, 5));
    for (int i = 0; i < 5; i++) {
        CHECK(!pthread_create(&threads[i], NULL, arrive, NULL));
    }
    for (int i = 0; i < 5; i++) {
        void *seen;
        CHECK(!pthread_join(threads[i], &seen) && (long)seen == 5);
    }
    CHECK(initialized == 1 && serial == 1);
    return 0;
}

static pthread_key_t key;
static int destroyed, cleaned;

static void
destroy(void *value)
{
    destroyed += *(int *)value;
}

static void
clean(void *value)
{
    cleaned += *(int *)value;
}

static void *
store_and_exit(void *value)
{
    pthread_setspecific(key, value);
    usleep(2000);
    pthread_cleanup_push(clean, value);
    if (pthread_getspecific(key) == value) {
        pthread_exit(value);
    }
    pthread_cleanup_pop(0);
    return NULL;
}

int
keys_and_exit(void)
{
    pthread_t threads[3];
    int values[3] = {1, 10, 100};
    CHECK(!pthread_key_create(&key, destroy));
    for (int i = 0; i < 3; i++) {
        CHECK(!pthread_create(&threads[i], NULL, store_and_exit, &values[i]));
    }
    for (int i = 0; i < 3; i++) {
        void *result;
        CHECK(!pthread_join(threads[i], &result) && result == &values[i]);
    }
    CHECK(!pthread_getspecific(key) && destroyed == 111 && cleaned == 111);
    CHECK(!pthread_setspecific(key, &values[0]) && !pthread_key_delete(key));
    pthread_key_t next;
    CHECK(!pthread_key_create(&next, NULL) && !pthread_getspecific(next));
    CHECK(!pthread_key_delete(next) && pthread_key_delete(next) == EINVAL);
    return 0;
}

static sem_t semaphore;

static void *
post_thrice(void *unused)
{
    for (int i = 0; i < 3; i++) {
        usleep(1000);
        sem_post(&semaphore);
    }
    return NULL;
}

int
semaphores(void)
{
    pthread_t thread;
    int value;
    CHECK(!sem_init(&semaphore, 0, 1) && !sem_wait(&semaphore));
    CHECK(sem_trywait(&semaphore) == -1 && errno == EAGAIN);
    CHECK(!pthread_create(&thread, NULL, post_thrice, NULL) && !pthread_detach(thread));
    CHECK(!sem_wait(&semaphore) && !sem_wait(&semaphore) && !sem_wait(&semaphore));
    CHECK(!sem_getvalue(&semaphore, &value) && value == 0);
    struct timespec soon = after(CLOCK_REALTIME, 20);
    CHECK(sem_timedwait(&semaphore, &soon) == -1 && errno == ETIMEDOUT);
    CHECK(has_passed(CLOCK_REALTIME, soon));
    return 0;
}

static int
fail_differently(void *number)
{
    errno = *(int *)number;
    thrd_yield();
    return errno;
}

int
c11_and_errno(void)
{
    thrd_t threads[3];
    int numbers[3] = {EPERM, ENOENT, EINTR};
    mtx_t mutex;
    errno = EDOM;
    for (int i = 0; i < 3; i++) {
        CHECK(thrd_create(&threads[i], fail_differently, &numbers[i]) == thrd_success);
    }
    for (int i = 0; i < 3; i++) {
        int result;
        CHECK(thrd_join(threads[i], &result) == thrd_success && result == numbers[i]);
    }
    CHECK(errno == EDOM);
    CHECK(mtx_init(&mutex, mtx_plain) == thrd_success && mtx_lock(&mutex) == thrd_success);
    CHECK(mtx_trylock(&mutex) == thrd_busy && mtx_unlock(&mutex) == thrd_success);
    CHECK(mtx_trylock(&mutex) == thrd_success);
    return 0;
}

static void *
measure_stack(void *unused)
{
    pthread_attr_t attributes;
    void *low;
    size_t size;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &low, &size);
    char here;
    return (void *)(&here > (char *)low && &here < (char *)low + size ? size : 0);
}

int
stacks(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    void *size;
    pthread_attr_init(&attributes);
    CHECK(!pthread_attr_setstacksize(&attributes, 300 * 1024));
    CHECK(!pthread_create(&thread, &attributes, measure_stack, NULL));
    CHECK(pthread_join(pthread_self(), NULL) == EDEADLK);
    CHECK(!pthread_join(thread, &size) && (size_t)size == 300 * 1024);
    CHECK(!pthread_create(&thread, NULL, measure_stack, NULL));
    CHECK(!pthread_join(thread, &size) && (size_t)size == 1024 * 1024);
    return 0;
}
