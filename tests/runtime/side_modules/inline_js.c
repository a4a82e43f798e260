/* A library with inline JavaScript, as Emscripten's macros leave it in a module: refused. */

__attribute__((visibility("default"))) const char __em_js__answer[] = "()<::>{ return 42; }";

__attribute__((visibility("default"))) int
ask(void)
{
    return 42;
}
