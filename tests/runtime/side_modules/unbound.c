/* A library that calls a function which nobody defines. */

int no_such_function_anywhere(int value);

__attribute__((visibility("default"))) int
call_it(void)
{
    return no_such_function_anywhere(1);
}
