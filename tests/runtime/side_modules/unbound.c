/* A library that uses functions and data which nobody defines, and a weak function that need not
 * be. */

int no_such_function_anywhere(int value);
int (*no_such_address(void))(void);
extern int no_such_variable;
__attribute__((weak)) int no_such_weak_function(void);

__attribute__((visibility("default"))) int
call_it(void)
{
    int weak = no_such_weak_function ? no_such_weak_function() : 1;
    return no_such_function_anywhere(weak) + (no_such_address() != 0) + no_such_variable;
}
