// C++ exceptions of several threads in flight at once.

#include <pthread.h>
#include <unistd.h>

#include <exception>
#include <stdexcept>
#include <string>

static void *
throw_and_wait(void *argument)
{
    const std::string name(1, *static_cast<char *>(argument));
    long rounds = 0;
    for (int i = 0; i < 20; i++) {
        try {
            throw std::runtime_error(name);
        } catch (const std::exception &) {
            usleep(500);
            try {
                throw; // the one this thread is handling, not another thread's
            } catch (const std::exception &error) {
                rounds += error.what() == name && std::uncaught_exceptions() == 0;
            }
        }
    }
    return reinterpret_cast<void *>(rounds);
}

/* Returns how many times a thread found its own exception; 80 is right. */
extern "C" int
exceptions_found()
{
    pthread_t threads[4];
    char names[] = "abcd";
    long found = 0;
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], nullptr, throw_and_wait, &names[i]);
    }
    for (pthread_t thread : threads) {
        void *rounds = nullptr;
        pthread_join(thread, &rounds);
        found += reinterpret_cast<long>(rounds);
    }
    return static_cast<int>(found);
}
