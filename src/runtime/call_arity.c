#include "call_arity.h"

#include <stdlib.h>
#include <string.h>

/* Defined in call_arity.js: the engine's answer, and a new function in the table (NULL: none). */
int coil_arity_ask_js(void *function);
void *coil_arity_adapt_js(void *function, int have, int wanted);

/* What is known of each table slot: 0 is "not asked", other values are a signature shifted so that
   the negative ones fit. A function pointer is an index into the table. */
#define SHIFT 3

static unsigned char *known;
static uint32_t known_count;

struct adapter {
    void *function;
    int wanted;
    void *adapted;
};

/* Few: one for each mismatched function that was ever met. An image can remake them from here. */
static struct adapter *adapters;
static int adapter_count;

/* Returns 0, or -1 without memory. */
static int
make_room(uint32_t index)
{
    uint32_t count = index + index / 2 + 1024;
    unsigned char *larger = realloc(known, count);
    if (!larger) {
        return -1;
    }
    memset(larger + known_count, 0, count - known_count);
    known = larger;
    known_count = count;
    return 0;
}

int
coil_function_arity(void *function)
{
    uint32_t index = (uint32_t)(uintptr_t)function;
    if (index < known_count && known[index]) {
        return known[index] - SHIFT;
    }
    int arity = coil_arity_ask_js(function);
    if (index < known_count || make_room(index) == 0) {
        known[index] = (unsigned char)(arity + SHIFT);
    }
    return arity;
}

static struct adapter *
find_adapter(void *function, int wanted)
{
    for (int i = 0; i < adapter_count; i++) {
        if (adapters[i].function == function && adapters[i].wanted == wanted) {
            return &adapters[i];
        }
    }
    return NULL;
}

/* An adapter leads to the function itself, whatever has come to its place in the table; one that is
   in use lives on, but is not found any more. */
static void
forget_adapters(uint32_t first, uint32_t count)
{
    int kept = 0;
    for (int i = 0; i < adapter_count; i++) {
        if ((uint32_t)(uintptr_t)adapters[i].function - first >= count) {
            adapters[kept++] = adapters[i];
        }
    }
    adapter_count = kept;
}

void
coil_arity_forget(uint32_t first, uint32_t count)
{
    for (uint32_t index = first; index < first + count && index < known_count; index++) {
        known[index] = 0;
    }
    forget_adapters(first, count);
}

/* Returns the new record, or NULL without memory. */
static struct adapter *
add_adapter(void *function, int wanted, void *adapted)
{
    struct adapter *more = realloc(adapters, (size_t)(adapter_count + 1) * sizeof(*more));
    if (!more) {
        return NULL;
    }
    adapters = more;
    adapters[adapter_count] = (struct adapter){function, wanted, adapted};
    return &adapters[adapter_count++];
}

void *
coil_function_adapted(void *function, int wanted)
{
    int have = coil_function_arity(function);
    if (have < 0 || have == wanted) {
        return function;
    }
    struct adapter *adapter = find_adapter(function, wanted);
    if (adapter) {
        return adapter->adapted;
    }
    void *adapted = coil_arity_adapt_js(function, have, wanted);
    if (!adapted) {
        return function;
    }
    /* Without memory for the record the adapter works, and is made again next time. */
    add_adapter(function, wanted, adapted);
    coil_arity_forget((uint32_t)(uintptr_t)adapted, 1);
    return adapted;
}
