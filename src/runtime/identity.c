/* What the machine says it is, and the user: uname(), confstr(), getgroups().
 *
 * The release is the version in the wheel ABI's name (pyemscripten_2025_0 was built with 4.0.9),
 * not the version of the compiler at hand: sysconfig.get_platform() is made from it, and installers
 * compare that with the tags of wheels. Patching sysconfig was the alternative; then os.uname() and
 * platform.release() would disagree with it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* Fills name. Returns 0; never fails. Replaces libc's definition. */
int
uname(struct utsname *name)
{
    memset(name, 0, sizeof(*name));
    strcpy(name->sysname, "Emscripten");
    strcpy(name->nodename, "emscripten");
    strcpy(name->release, "4.0.9");
    strcpy(name->version, "#1");
    strcpy(name->machine, "wasm32");
    return 0;
}

/* libc's name of the system call. Returns the number of groups, one, and puts it into list unless
 * count is 0, which only asks for the number; libc's own stub takes that for an error. */
int
__syscall_getgroups32(int count, gid_t list[])
{
    if (count < 0) {
        return -EINVAL;
    }
    if (count > 0) {
        list[0] = getgid();
    }
    return 1;
}

/* Writes the value of a configuration string into buffer, cut to size. Returns the length it needs,
 * or 0 with errno set to EINVAL. There is no value but the search path's: libc's own list has the
 * strings of glibc, by which platform.libc_ver() took this system for one. */
size_t
confstr(int name, char *buffer, size_t size)
{
    if (name != _CS_PATH) {
        errno = EINVAL;
        return 0;
    }
    return (size_t)snprintf(buffer, size, "/bin:/usr/bin") + 1;
}
