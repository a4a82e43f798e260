/* Waiting for JavaScript in the middle of Python: the calling fiber is suspended. */
#include "blocking.h"

#include "convert.h"
#include "fiber_call.h"
#include "interrupt.h"
#include "js_proxy.h"
#include "js_proxy_kinds.h"

#include <math.h>

/* CPython's, from the runtime: 0, or -1 with a RuntimeError that says what to call instead. */
int _Py_EmscriptenCheckBlocking(void);

/* --- the event loop, while calls wait --- */

/* The loop that JavaScript drives, NULL until it is there, and functions of asyncio. */
static struct {
    PyObject *loop;
    PyObject *swap_current_task;
    PyObject *get_running_loop;
    PyObject *set_running_loop;
} asyncio;

/* Writes out what a call of asyncio's raised, if it did; steals `result`. */
static void
end_call(PyObject *result)
{
    if (!result) {
        PyErr_WriteUnraisable(asyncio.loop);
    }
    Py_XDECREF(result);
}

/* Each thread has a running loop of its own to asyncio; for all calls it is this one. */
static void
set_running_loop(void)
{
    if (asyncio.loop) {
        end_call(PyObject_CallOneArg(asyncio.set_running_loop, asyncio.loop));
    }
}

/* Returns the task of `loop` that was the current one, a new reference or NULL; now none is. */
static PyObject *
take_task(PyObject *loop)
{
    PyObject *args[] = {loop, Py_None};
    PyObject *task = PyObject_Vectorcall(asyncio.swap_current_task, args, 2, NULL);
    if (task && task != Py_None) {
        return task;
    }
    end_call(task);
    return NULL;
}

/* Makes `task` the current one of `loop`, which becomes the running one. */
static void
put_task(PyObject *loop, PyObject *task)
{
    PyObject *args[] = {loop, task};
    end_call(PyObject_CallOneArg(asyncio.set_running_loop, loop));
    end_call(PyObject_Vectorcall(asyncio.swap_current_task, args, 2, NULL));
}

/* A task belongs to one of several loops: whoever makes another one leaves tasks of the first. */
static void
exchange_task(PyObject **loop, PyObject **task)
{
    if (!asyncio.loop) {
        return;
    }
    PyObject *running = PyObject_CallNoArgs(asyncio.get_running_loop);
    PyObject *former = running && running != Py_None ? take_task(running) : NULL;
    if (*task) {
        put_task(*loop, *task);
    }
    Py_XSETREF(*task, former);
    Py_XSETREF(*loop, former ? Py_NewRef(running) : NULL);
    end_call(running);
}

static const coil_fiber_call_hooks hooks = {
    .begin = set_running_loop,
    .exchange_task = exchange_task,
};

bool
bridge_blocking_is_loop(PyObject *loop)
{
    return loop == asyncio.loop;
}

static PyObject *
attach_loop(PyObject *module, PyObject *loop)
{
    PyObject *tasks = PyImport_ImportModule("asyncio.tasks");
    PyObject *events = tasks ? PyImport_ImportModule("asyncio.events") : NULL;
    PyObject *swap = events ? PyObject_GetAttrString(tasks, "_swap_current_task") : NULL;
    PyObject *get = swap ? PyObject_GetAttrString(events, "_get_running_loop") : NULL;
    PyObject *set = get ? PyObject_GetAttrString(events, "_set_running_loop") : NULL;
    Py_XDECREF(tasks);
    Py_XDECREF(events);
    if (!set) {
        Py_XDECREF(swap);
        Py_XDECREF(get);
        return NULL;
    }
    Py_XSETREF(asyncio.swap_current_task, swap);
    Py_XSETREF(asyncio.get_running_loop, get);
    Py_XSETREF(asyncio.set_running_loop, set);
    Py_XSETREF(asyncio.loop, Py_NewRef(loop));
    coil_fiber_call_set_hooks(&hooks);
    Py_RETURN_NONE;
}

/* --- waiting --- */

/* Suspends until the fiber is woken, for whatever reason. Returns 0, or -1 with what an
   interruption raised, or RuntimeError. */
static int
wait_for_wake(void)
{
    switch (coil_interrupt_wait(INFINITY, COIL_FOR_PROMISE)) {
    case COIL_INTERRUPT_HANDLED:
        return PyErr_CheckSignals();
    case COIL_INTERRUPT_NONE:
        return 0;
    case COIL_INTERRUPT_REFUSED:
        break;
    }
    if (_Py_EmscriptenCheckBlocking() == 0) {
        PyErr_SetString(
            PyExc_RuntimeError,
            "cannot block here: a function of JavaScript lies between this call and the "
            "one that entered Python; use await");
    }
    return -1;
}

/* Fibers that wait for futures or promises; each entry lies on the stack of the fiber. JavaScript
   settles a future of any event loop, and the one of the waiting fiber itself would never come to
   its callbacks. */
typedef struct waiter {
    PyObject *future; /* borrowed; NULL: a promise */
    coil_fiber *fiber;
    bool cancelled; /* the task that waits was */
    struct waiter *next;
} waiter;

static waiter *waiters;

void
bridge_blocking_settled(PyObject *future)
{
    for (waiter *each = waiters; each; each = each->next) {
        if (each->future == future) {
            coil_suspend_wake(each->fiber->number);
        }
    }
}

/* Has the wait of a task, which is the fiber's own while it waits, end with CancelledError. */
static PyObject *
cancel_wait(PyObject *module, PyObject *task)
{
    bool found = false;
    for (waiter *each = waiters; each; each = each->next) {
        if (each->fiber->task == task && !each->cancelled) {
            each->cancelled = found = true;
            coil_suspend_wake(each->fiber->number);
        }
    }
    return PyBool_FromLong(found);
}

PyObject *
bridge_blocking_cancelled_error(void)
{
    PyObject *module = PyImport_ImportModule("asyncio");
    PyObject *class = module ? PyObject_GetAttrString(module, "CancelledError") : NULL;
    Py_XDECREF(module);
    return class;
}

static void
raise_cancelled(void)
{
    PyObject *class = bridge_blocking_cancelled_error();
    if (class) {
        PyErr_SetNone(class);
    }
    Py_XDECREF(class);
}

static void
forget_waiter(const waiter *entry)
{
    waiter **link = &waiters;
    while (*link != entry) {
        link = &(*link)->next;
    }
    *link = entry->next;
}

/* Returns whether a future is done, or -1 with an exception set. */
static int
is_done(PyObject *future)
{
    PyObject *done = PyObject_CallMethod(future, "done", NULL);
    int result = done ? PyObject_IsTrue(done) : -1;
    Py_XDECREF(done);
    return result;
}

/* As wait_for_wake(), also for a task's cancellation, which raises CancelledError. */
static int
wait_as(waiter *entry)
{
    entry->next = waiters;
    waiters = entry;
    /* Asked again here: since the caller asked, code of Python may have given way. */
    int result = entry->future ? is_done(entry->future) : 0;
    if (result == 0) {
        result = wait_for_wake();
    }
    forget_waiter(entry);
    if (result >= 0 && entry->cancelled) {
        raise_cancelled();
        return -1;
    }
    return result < 0 ? -1 : 0;
}

static PyObject *
wait_for_future(PyObject *module, PyObject *future)
{
    waiter entry = {.future = future, .fiber = coil_fiber_current()};
    return wait_as(&entry) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *
current_fiber(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(coil_fiber_current()->number);
}

static PyObject *
wake_fiber(PyObject *module, PyObject *number)
{
    int fiber = PyLong_AsInt(number);
    if (fiber == -1 && PyErr_Occurred()) {
        return NULL;
    }
    coil_suspend_wake(fiber);
    Py_RETURN_NONE;
}

static PyObject *
interrupt_fiber(PyObject *module, PyObject *number)
{
    int fiber = PyLong_AsInt(number);
    if (fiber == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return PyBool_FromLong(coil_fiber_interrupt_number(fiber));
}

void
bridge_py_wake(int fiber)
{
    coil_suspend_wake(fiber);
}

/* Returns 1 with a new reference to the value of a watched promise in *value, 0 if it is not
   settled yet, or -1 with what it was rejected with raised. */
static int
outcome_of(PyObject *promise, PyObject **value)
{
    bridge_slot fiber = {.kind = BRIDGE_KIND_INT, .integer = coil_fiber_current()->number};
    return js_proxy_find(promise, BRIDGE_JS_OP_PROMISE_OUTCOME, &fiber, 1, value);
}

/* JavaScript wakes the fiber directly: a future would take a turn of the event loop. */
static PyObject *
promise_result(PyObject *promise)
{
    bridge_slot fiber = {.kind = BRIDGE_KIND_INT, .integer = coil_fiber_current()->number};
    if (js_proxy_do(promise, BRIDGE_JS_OP_PROMISE_WATCH, &fiber, 1) < 0) {
        return NULL;
    }
    PyObject *value = NULL;
    int found;
    while ((found = outcome_of(promise, &value)) == 0) {
        waiter entry = {.fiber = coil_fiber_current()};
        if (wait_as(&entry) < 0) {
            PyObject *raised = PyErr_GetRaisedException();
            js_proxy_do(promise, BRIDGE_JS_OP_PROMISE_UNWATCH, &fiber, 1);
            PyErr_SetRaisedException(raised);
            return NULL;
        }
    }
    return found < 0 ? NULL : value;
}

static PyObject *
awaitable_result(PyObject *awaitable)
{
    PyObject *blocking = PyImport_ImportModule("_pyodide._blocking");
    PyObject *result = blocking ? PyObject_CallMethod(blocking, "result_of", "O", awaitable) : NULL;
    Py_XDECREF(blocking);
    return result;
}

static PyObject *
run_sync(PyObject *module, PyObject *awaitable)
{
    bool is_promise = PyObject_TypeCheck(awaitable, &JsPromise_Type);
    if (!is_promise && !PyObject_HasAttrString((PyObject *)Py_TYPE(awaitable), "__await__")
        && !PyCoro_CheckExact(awaitable) && !PyGen_CheckExact(awaitable)) {
        return PyErr_Format(PyExc_TypeError,
                            "run_sync() takes an awaitable or a promise, not %.100s",
                            Py_TYPE(awaitable)->tp_name);
    }
    if (_Py_EmscriptenCheckBlocking() < 0) {
        return NULL;
    }
    return is_promise ? promise_result(awaitable) : awaitable_result(awaitable);
}

static PyObject *
check_blocking(PyObject *module, PyObject *unused)
{
    return _Py_EmscriptenCheckBlocking() < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *
can_run_sync(PyObject *module, PyObject *unused)
{
    return PyBool_FromLong(coil_suspend_allowed());
}

PyDoc_STRVAR(can_run_sync_doc, "can_run_sync()\n--\n\nWhether run_sync() works here and now.");
PyDoc_STRVAR(
    run_sync_doc,
    "run_sync(awaitable, /)\n--\n\n"
    "Block until the awaitable or promise is done; return its value or raise.\n\n"
    "Other tasks, threads and JavaScript go on meanwhile. Raises RuntimeError where Python\n"
    "cannot block, TypeError for what cannot be awaited, and KeyboardInterrupt when it is\n"
    "interrupted.");

static PyMethodDef methods[] = {
    {"can_run_sync", can_run_sync, METH_NOARGS, can_run_sync_doc},
    {
        "check_blocking",
        check_blocking,
        METH_NOARGS,
        "Raise a RuntimeError that says what to call instead where Python cannot block.",
    },
    {"run_sync", run_sync, METH_O, run_sync_doc},
    {
        "attach_loop",
        attach_loop,
        METH_O,
        "Make a loop the one that runs in all calls of JavaScript, and give up its current task\n"
        "while they wait.",
    },
    {"current_fiber", current_fiber, METH_NOARGS, "The number of the running fiber."},
    {"wake_fiber", wake_fiber, METH_O, "End the wait of the fiber with that number, if it waits."},
    {
        "interrupt_fiber",
        interrupt_fiber,
        METH_O,
        "Raise KeyboardInterrupt in the fiber with that number. Returns whether there is one.",
    },
    {
        "cancel_wait",
        cancel_wait,
        METH_O,
        "Have run_sync() of a task raise CancelledError. Returns whether it waits there.",
    },
    {
        "wait_for_future",
        wait_for_future,
        METH_O,
        "Suspend this fiber until it is woken, as JavaScript does when it settles the future.",
    },
    {0},
};

int
bridge_blocking_init(PyObject *module)
{
    return PyModule_AddFunctions(module, methods);
}
