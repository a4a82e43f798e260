// An extension module in C++ that uses what wheels bind from the main module: exceptions across the
// module border, streams, locale, algorithms, regex, long double, complex, longjmp, call_once.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <algorithm>
#include <complex>
#include <csetjmp>
#include <ios>
#include <mutex>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::string
catch_exception()
{
    try {
        std::vector<int>().at(1);
    } catch (const std::out_of_range &error) {
        return std::string("caught out_of_range: ") + error.what();
    }
    return "not caught";
}

std::string
write_stream()
{
    std::ostringstream stream;
    stream << "stream " << 42 << ' ' << std::showbase << std::hex << 42 << ' ' << 1.5;
    return stream.str();
}

std::string
sort_numbers()
{
    std::vector<int> numbers{3, 1, 2};
    std::sort(numbers.begin(), numbers.end());
    std::string text = "sorted";
    for (int number : numbers) {
        text += ' ' + std::to_string(number);
    }
    return text;
}

std::string
divide_long_double(volatile long double number)
{
    /* Not through printf(), which in this libc has the precision of a double. */
    return "long double " + std::to_string((long long)(number / 3 * 1e18L));
}

std::string
multiply_complex(volatile double real)
{
    std::complex<double> number(real, 1);
    auto product = number * std::conj(number) + std::complex<double>(-2, 0);
    return "complex " + std::to_string(int(product.real()));
}

std::string
jump()
{
    std::jmp_buf buffer;
    int value = setjmp(buffer);
    if (value == 0) {
        std::longjmp(buffer, 7);
    }
    return "jumped " + std::to_string(value);
}

std::string
call_once()
{
    static std::once_flag flag;
    std::string text;
    for (int i = 0; i < 2; i++) {
        std::call_once(flag, [&] { text += "once"; });
    }
    return text;
}

std::string
raise_python_error()
{
    PyErr_SetString(PyExc_TypeError, "bound");
    bool matches = PyErr_ExceptionMatches(PyExc_TypeError);
    PyErr_Clear();
    return matches ? "type_error True" : "type_error False";
}

std::string
match_regex()
{
    bool matches = std::regex_match("side module", std::regex("[a-z]+ (module)"));
    return matches ? "regex match" : "regex no match";
}

PyObject *
use_all(PyObject *, PyObject *)
{
    PyObject *list = PyList_New(0);
    for (const std::string &text : {catch_exception(),
                                    write_stream(),
                                    sort_numbers(),
                                    divide_long_double(1),
                                    multiply_complex(2),
                                    jump(),
                                    call_once(),
                                    raise_python_error(),
                                    match_regex()}) {
        PyObject *item = PyUnicode_FromString(text.c_str());
        if (!list || !item || PyList_Append(list, item) < 0) {
            return nullptr;
        }
        Py_DECREF(item);
    }
    return list;
}

PyMethodDef functions[] = {
    {"use_all", use_all, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    "_coil_bindings",
    nullptr,
    -1,
    functions,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

} // namespace

PyMODINIT_FUNC
PyInit__coil_bindings()
{
    return PyModule_Create(&definition);
}
