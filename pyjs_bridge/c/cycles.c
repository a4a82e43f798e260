/* Cycles that go through both heaps: a Python object holds a JavaScript one, which holds a proxy of
   the Python object. Neither collector sees the other's half. Python's half can be read, so it is
   told to JavaScript: for each proxied object that Python itself does not need any more, which
   JavaScript values it keeps alive. js/cycles.ts then lets the proxy hold them instead of the table
   of handles, and the collector there can free the whole.

   What Python needs is found as its own collector finds it: references that no object of the heap
   and no proxy accounts for come from outside (a frame, C code, a type that does not say what it
   holds), and what can be reached from there is needed. An object that has weak references counts
   as needed, since one of them could bring it back after its JavaScript half is gone. */

#define Py_BUILD_CORE
#include "cycles.h"

#include "convert.h"
#include "js_proxy.h"

#include <internal/pycore_gc.h>
#include <internal/pycore_weakref.h>
#include <stdbool.h>
#include <stdlib.h>

/* What is known of one object of the heap. */
struct node {
    PyObject *object;
    Py_ssize_t outside; /* references not accounted for yet */
    uint32_t stamp;     /* the last walk that came here */
    bool needed;
};

struct graph {
    struct node *nodes;
    size_t count;
    size_t capacity;
    uint32_t *table; /* hash of the address -> index + 1 */
    size_t mask;
    uint32_t *stack; /* indices of nodes whose references are to be followed */
    size_t depth;
    uint32_t stamp;
    PyTypeObject *task_type; /* borrowed from sys.modules; NULL before asyncio was imported */
    bool failed;             /* no memory */
};

/* What JavaScript is told: numbers, in memory that it frees. */
struct report {
    uint32_t *words;
    size_t count;
    size_t capacity;
};

/* Objects that one scan follows from proxies: more wait for the next scan. */
#define MAX_VISITS 4000000

/* --- the graph --- */

static size_t
hash_of(PyObject *object, size_t mask)
{
    uintptr_t address = (uintptr_t)object >> 3;
    return (address * 2654435761U) & mask;
}

/* Returns the node of an object, or NULL for one that the collector does not track. */
static struct node *
find_node(struct graph *graph, PyObject *object)
{
    for (size_t i = hash_of(object, graph->mask); graph->table[i]; i = (i + 1) & graph->mask) {
        struct node *node = &graph->nodes[graph->table[i] - 1];
        if (node->object == object) {
            return node;
        }
    }
    return NULL;
}

/* A callback of PyUnstable_GC_VisitObjects: 1 to go on, 0 to stop. */
static int
add_node(PyObject *object, void *arg)
{
    struct graph *graph = arg;
    if (graph->count == graph->capacity) {
        size_t capacity = graph->capacity ? graph->capacity * 2 : 65536;
        struct node *more = realloc(graph->nodes, capacity * sizeof(*more));
        if (!more) {
            graph->failed = true;
            return 0;
        }
        graph->nodes = more;
        graph->capacity = capacity;
    }
    /* One reference is the caller's, for the time of this call. */
    Py_ssize_t references = Py_REFCNT(object) - 1;
    graph->nodes[graph->count++] = (struct node){.object = object, .outside = references};
    return 1;
}

/* Returns 0, or -1 without memory. */
static int
index_nodes(struct graph *graph)
{
    size_t size = 1024;
    while (size < graph->count * 2) {
        size *= 2;
    }
    graph->mask = size - 1;
    graph->table = calloc(size, sizeof(*graph->table));
    graph->stack = malloc((graph->count + 1) * sizeof(*graph->stack));
    if (!graph->table || !graph->stack) {
        return -1;
    }
    for (size_t i = 0; i < graph->count; i++) {
        size_t at = hash_of(graph->nodes[i].object, graph->mask);
        while (graph->table[at]) {
            at = (at + 1) & graph->mask;
        }
        graph->table[at] = (uint32_t)i + 1;
    }
    return 0;
}

static void
free_graph(struct graph *graph)
{
    free(graph->nodes);
    free(graph->table);
    free(graph->stack);
}

static void
follow(PyObject *object, visitproc visit, void *arg)
{
    traverseproc traverse = Py_TYPE(object)->tp_traverse;
    if (traverse) {
        traverse(object, visit, arg);
    }
}

/* --- what Python needs --- */

static int
visit_account(PyObject *object, void *arg)
{
    struct node *node = find_node(arg, object);
    if (node) {
        node->outside--;
    }
    return 0;
}

static bool
is_task(const struct graph *graph, PyObject *object)
{
    return graph->task_type && PyObject_TypeCheck(object, graph->task_type);
}

/* Returns whether there are weak references but the one that asyncio has to each task. */
static bool
has_weak_references(const struct graph *graph, PyObject *object)
{
    if (!_PyType_SUPPORTS_WEAKREFS(Py_TYPE(object))) {
        return false;
    }
    PyWeakReference *first = (PyWeakReference *)*_PyObject_GET_WEAKREFS_LISTPTR(object);
    return first && (first->wr_next || !is_task(graph, object));
}

static void
push(struct graph *graph, struct node *node)
{
    graph->stack[graph->depth++] = (uint32_t)(node - graph->nodes);
}

static int
visit_need(PyObject *object, void *arg)
{
    struct graph *graph = arg;
    struct node *node = find_node(graph, object);
    if (node && !node->needed) {
        node->needed = true;
        push(graph, node);
    }
    return 0;
}

/* Types are needed: an instance of one that is about to go must still find it. */
static bool
is_root(const struct graph *graph, struct node *node)
{
    return node->outside > 0 || _Py_IsImmortal(node->object) || PyType_Check(node->object)
           || has_weak_references(graph, node->object);
}

static void
mark_needed(struct graph *graph)
{
    for (size_t i = 0; i < graph->count; i++) {
        if (!graph->nodes[i].needed && is_root(graph, &graph->nodes[i])) {
            graph->nodes[i].needed = true;
            push(graph, &graph->nodes[i]);
        }
        while (graph->depth) {
            follow(graph->nodes[graph->stack[--graph->depth]].object, visit_need, graph);
        }
    }
}

/* --- what proxies keep alive --- */

static int
visit_reach(PyObject *object, void *arg)
{
    struct graph *graph = arg;
    struct node *node = find_node(graph, object);
    if (node && !node->needed && node->stamp != graph->stamp) {
        node->stamp = graph->stamp;
        push(graph, node);
    }
    return 0;
}

/* Returns 0, or -1 without memory. */
static int
add_word(struct report *report, uint32_t word)
{
    if (report->count == report->capacity) {
        size_t capacity = report->capacity ? report->capacity * 2 : 1024;
        uint32_t *more = realloc(report->words, capacity * sizeof(*more));
        if (!more) {
            return -1;
        }
        report->words = more;
        report->capacity = capacity;
    }
    report->words[report->count++] = word;
    return 0;
}

/* Reports the handles that can be reached from one object. Returns how many objects were visited,
   or -1 without memory. */
static Py_ssize_t
report_reachable(struct graph *graph, struct node *start, struct report *report)
{
    Py_ssize_t visits = 0;
    graph->stamp++;
    start->stamp = graph->stamp;
    push(graph, start);
    while (graph->depth) {
        PyObject *object = graph->nodes[graph->stack[--graph->depth]].object;
        visits++;
        if (JsProxy_Check(object) && ((JsProxy *)object)->ref
            && add_word(report, (uint32_t)((JsProxy *)object)->ref) < 0) {
            return -1;
        }
        follow(object, visit_reach, graph);
    }
    return visits;
}

/* Reports one proxy: its index, how many handles follow, the handles. Returns as report_reachable.
 */
static Py_ssize_t
report_proxy(struct graph *graph, PyObject *object, uint32_t index, struct report *report)
{
    struct node *node = find_node(graph, object);
    if (!node || node->needed) {
        return 0;
    }
    size_t head = report->count;
    if (add_word(report, index) < 0 || add_word(report, 0) < 0) {
        return -1;
    }
    Py_ssize_t visits = report_reachable(graph, node, report);
    if (visits < 0) {
        return -1;
    }
    report->words[head + 1] = (uint32_t)(report->count - head - 2);
    return visits;
}

/* Returns 0, or -1 without memory. A handle may be let go only if all proxies that keep it alive
   are told of: a scan that is cut short reports nothing. */
static int
report_all(struct graph *graph, PyObject *const *proxied, int count, struct report *report)
{
    Py_ssize_t visits = 0;
    for (int i = 0; i < count; i++) {
        Py_ssize_t more = report_proxy(graph, proxied[i], (uint32_t)i, report);
        if (more < 0) {
            return -1;
        }
        visits += more;
        if (visits > MAX_VISITS) {
            report->count = 0;
            break;
        }
    }
    return add_word(report, BRIDGE_CYCLES_END);
}

static int
scan(struct graph *graph, PyObject *const *proxied, int count, struct report *report)
{
    PyUnstable_GC_VisitObjects(add_node, graph);
    if (graph->failed || index_nodes(graph) < 0) {
        return -1;
    }
    for (size_t i = 0; i < graph->count; i++) {
        follow(graph->nodes[i].object, visit_account, graph);
    }
    for (int i = 0; i < count; i++) {
        visit_account(proxied[i], graph);
    }
    mark_needed(graph);
    return report_all(graph, proxied, count, report);
}

/* Returns asyncio's type of tasks, borrowed, or NULL. Imports nothing, raises nothing. */
static PyTypeObject *
find_task_type(void)
{
    PyObject *name = PyUnicode_FromString("_asyncio");
    PyObject *module = name ? PyImport_GetModule(name) : NULL;
    PyObject *type = module ? PyObject_GetAttrString(module, "Task") : NULL;
    bool is_type = type && PyType_Check(type);
    Py_XDECREF(type);
    Py_XDECREF(module);
    Py_XDECREF(name);
    PyErr_Clear();
    return is_type ? (PyTypeObject *)type : NULL;
}

uint32_t *
bridge_py_cycles(PyObject **proxied, int count)
{
    bridge_forget_result(); /* it would count as needed */
    struct graph graph = {.task_type = find_task_type()};
    struct report report = {0};
    if (scan(&graph, proxied, count, &report) < 0) {
        free(report.words);
        report.words = NULL;
    }
    free_graph(&graph);
    return report.words;
}
