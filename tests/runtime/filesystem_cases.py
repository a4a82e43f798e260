"""Programs that use the file system, to be run by Coil and by native CPython with the same result.

Each runs in an empty folder of its own and prints what it saw. ``attempt`` calls a function and
returns its result or the name of the error, since errno numbers differ between the C libraries.
"""

from __future__ import annotations

PRELUDE = """
import errno, os, stat, sys

def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as error:
        return errno.errorcode[error.errno]

def write(name, data=b""):
    with open(name, "wb") as file:
        file.write(data)

def show(*values):
    print(*map(ascii, values))
"""

CASES = {
    "permissions of new files follow the umask": """
for mask in (0o000, 0o022, 0o027, 0o077):
    old = os.umask(mask)
    fd = os.open(f"file{mask}", os.O_CREAT | os.O_WRONLY, 0o666)
    os.close(fd)
    os.mkdir(f"folder{mask}")
    os.mkdir(f"narrow{mask}", 0o750)
    write(f"plain{mask}")
    os.mkfifo(f"pipe{mask}")
    show(os.umask(old) == mask, [oct(os.stat(n).st_mode) for n in sorted(os.listdir("."))])
""",
    "chmod": """
write("f")
for mode in (0o000, 0o400, 0o644, 0o777, 0o4755, 0o1777):
    os.chmod("f", mode)
    show(oct(os.stat("f").st_mode), os.access("f", os.X_OK))
fd = os.open("f", os.O_RDONLY)
os.fchmod(fd, 0o600)
show(oct(os.fstat(fd).st_mode))
os.symlink("f", "link")
show(attempt(os.chmod, "link", 0o640), oct(os.stat("f").st_mode))
os.chown("link", -1, -1)
os.chown("link", os.getuid(), os.getgid(), follow_symlinks=False)
show(attempt(os.chown, "missing", -1, -1), attempt(os.lchown, "missing", -1, -1))
show(attempt(os.chmod, "missing", 0o640), attempt(os.fchmod, 99, 0o600))
""",
    "symbolic links": """
write("target", b"data")
os.symlink("target", "link")
os.symlink("missing", "broken")
os.symlink("loop", "loop")
os.mkdir("folder")
os.symlink("..", "folder/up")
show(os.readlink("link"), os.readlink(b"link"), open("link").read())
show(os.lstat("link").st_size, stat.S_ISLNK(os.lstat("link").st_mode), os.path.islink("broken"))
show(os.path.exists("broken"), attempt(os.stat, "loop"), attempt(open, "broken"))
show(os.path.realpath("folder/up/folder/up/link") == os.path.realpath("target"))
show(open("folder/up/target").read(), attempt(os.readlink, "target"), attempt(os.readlink, "none"))
show(attempt(os.open, "link", os.O_RDONLY | os.O_NOFOLLOW), attempt(os.symlink, "x", "link"))
show(attempt(os.symlink, "", "empty"), attempt(os.rmdir, "link"))
write("broken", b"made through the link")
show(open("missing").read())
os.symlink("a" * 1000, "long")
show(len(os.readlink("long")))
""",
    "hard links": """
write("one", b"data")
os.link("one", "two")
show(os.stat("one").st_nlink, os.path.samefile("one", "two"))
with open("two", "ab") as file:
    file.write(b" and more")
show(open("one").read())
os.remove("one")
show(os.stat("two").st_nlink, attempt(os.link, "one", "three"), attempt(os.link, "two", "two"))
os.symlink("two", "soft")
os.link("soft", "hard", follow_symlinks=False)
os.link("soft", "hard2")
show(os.path.islink("hard"), os.path.islink("hard2"), attempt(os.link, ".", "folder"))
os.rename("two", "hard2")
show(sorted(os.listdir(".")))
""",
    "exclusive creation": """
flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
os.close(os.open("f", flags))
os.symlink("nowhere", "broken")
show(attempt(os.open, "f", flags), attempt(os.open, "broken", flags), attempt(open, "f", "x"))
show(attempt(os.mkdir, "f"), sorted(os.listdir(".")))
""",
    "opening": """
write("f", b"0123456789")
os.mkdir("d")
show(attempt(open, "d"), attempt(os.open, "d", os.O_WRONLY), attempt(os.open, "f", os.O_DIRECTORY))
show(attempt(open, "none"), attempt(open, "f/x"), attempt(open, "none/x", "w"))
show(attempt(open, "n" * 256, "w"), attempt(open, "f/"), attempt(open, "", "w"))
fd = os.open("f", os.O_RDONLY)
show(attempt(os.write, fd, b"x"), attempt(os.ftruncate, fd, 1), attempt(os.read, 99, 1))
fd = os.open("d", os.O_RDONLY | os.O_DIRECTORY)
show(attempt(os.read, fd, 1), os.listdir(fd))
fd = os.open("f", os.O_WRONLY | os.O_TRUNC)
show(os.stat("f").st_size, attempt(os.read, fd, 1))
""",
    "appending": """
write("f", b"start ")
first = os.open("f", os.O_WRONLY | os.O_APPEND)
second = open("f", "ab", buffering=0)
for text in (b"one ", b"two "):
    os.write(first, text)
    second.write(text.upper())
os.lseek(first, 0, os.SEEK_SET)
os.write(first, b"end")
show(open("f").read(), os.lseek(first, 0, os.SEEK_CUR), second.tell())
""",
    "positions": """
write("f", bytes(range(100)))
fd = os.open("f", os.O_RDWR)
other = os.dup(fd)
show(os.read(fd, 3), os.read(other, 3), os.lseek(fd, 0, os.SEEK_CUR), os.pread(fd, 2, 50))
show(os.lseek(other, -5, os.SEEK_END), os.read(fd, 10), os.read(fd, 10))
show(attempt(os.lseek, fd, -1, os.SEEK_SET), attempt(os.lseek, fd, 0, 42))
show(os.pwrite(fd, b"XY", 10), os.lseek(fd, 10, os.SEEK_SET), os.read(fd, 3))
show(os.writev(fd, [b"ab", b"cd"]), os.preadv(fd, [bytearray(2), bytearray(4)], 12))
os.dup2(fd, 42)
os.close(fd)
show(os.read(42, 2), attempt(os.read, fd, 1))
reader, writer = os.pipe()
show(attempt(os.lseek, reader, 0, os.SEEK_SET))
""",
    "beyond two and four gigabytes": """
fd = os.open("sparse", os.O_CREAT | os.O_RDWR)
for position in (3 * 2**30, 5 * 2**30):
    show(os.lseek(fd, position, os.SEEK_SET), os.write(fd, b"here"), os.fstat(fd).st_size)
    show(os.lseek(fd, -4, os.SEEK_CUR), os.read(fd, 8), os.pread(fd, 8, position - 2))
    show(os.pwrite(fd, b"T", position), os.lseek(fd, 0, os.SEEK_END))
show(os.stat("sparse").st_blocks < 1000)
with open("sparse", "r+b") as file:
    show(file.seek(5 * 2**30), file.read(), file.seek(-(2**31 + 2), os.SEEK_END), file.read(4))
    show(file.truncate(2**32 + 1), file.seek(0, os.SEEK_END))
os.truncate("sparse", 7 * 2**30)
show(os.path.getsize("sparse"))
os.ftruncate(fd, 2)
show(os.path.getsize("sparse"))
""",
    "names that are not UTF-8": """
valid = ["caf\\xe9".encode(), "\\U0001f40d".encode()]
for name in (b"\\xff\\xfe", b"caf\\xe9", b"\\xed\\xa0\\x80", *valid):
    write(name, name)
    os.mkdir(name + b"d")
    write(name + b"d/" + name)
show(sorted(os.listdir(b".")), sorted(os.listdir(".")))
show([open(name, "rb").read() for name in sorted(os.listdir(".")) if os.path.isfile(name)])
os.symlink(b"\\xff\\xfe", b"link\\xfd")
show(os.readlink("link\\udcfd"), os.stat("link\\udcfd").st_size)
os.rename(b"\\xff\\xfe", b"\\xfe\\xff")
os.chdir(b"caf\\xe9d")
show(os.path.basename(os.getcwd()), os.path.basename(os.getcwdb()), os.listdir("."))
os.remove("caf\\udce9")
os.chdir("..")
os.rmdir("caf\\udce9d")
show(sorted(entry.name for entry in os.scandir(".")))
""",
    "renaming": """
write("a", b"a")
write("b", b"b")
os.rename("a", "b")
show(os.listdir("."), open("b").read(), attempt(os.rename, "none", "x"))
os.makedirs("d/e")
os.mkdir("empty")
show(attempt(os.rename, "d", "d/e/f"), attempt(os.rename, "empty", "d"))
show(attempt(os.rename, "b", "d"), attempt(os.rename, "d", "b"))
show(attempt(os.rename, "d", "empty"), os.listdir("empty"))
os.replace("b", "empty/e/b")
show(os.listdir("empty/e"))
""",
    "removing": """
write("f")
os.makedirs("d/e")
show(attempt(os.rmdir, "d"), attempt(os.rmdir, "f"))
show(attempt(os.unlink, "d"), attempt(os.unlink, "x"))
with open("f", "w+b") as file:
    os.unlink("f")
    file.write(b"still there")
    file.seek(0)
    show(file.read(), os.fstat(file.fileno()).st_nlink)
os.removedirs("d/e")
show(os.listdir("."))
""",
    "a big folder": """
names = [f"file{number:05}" for number in range(10_000)]
os.mkdir("big")
for name in names:
    write(f"big/{name}")
os.mkdir("big/folder")
os.symlink("folder", "big/link")
os.mkfifo("big/pipe")
show(sorted(os.listdir("big")) == sorted([*names, "folder", "link", "pipe"]))
with os.scandir("big") as entries:
    kinds = {}
    for entry in entries:
        kind = (entry.is_dir(follow_symlinks=False), entry.is_file(), entry.is_symlink())
        kinds[kind] = kinds.get(kind, 0) + 1
show(sorted(kinds.items()))
with os.scandir("big") as entries:  # deleting while reading
    for entry in entries:
        if entry.is_file():
            os.unlink(entry.path)
show(sorted(os.listdir("big")))
""",
    "entries know their inode": """
write("f")
os.mkdir("d")
os.symlink("f", "l")
with os.scandir(".") as entries:
    for entry in sorted(entries, key=lambda entry: entry.name):
        status = os.stat(entry.name, follow_symlinks=False)
        show(entry.name, entry.inode() == status.st_ino)
        show(entry.stat(follow_symlinks=False) == status)
""",
    "folders by descriptor": """
os.makedirs("d/e")
fd = os.open("d", os.O_RDONLY)
file = os.open("f", os.O_CREAT | os.O_WRONLY, dir_fd=fd)
os.mkdir("g", dir_fd=fd)
os.symlink("f", "l", dir_fd=fd)
os.rename("d", "moved")
show(os.stat("f", dir_fd=fd).st_size, os.readlink("l", dir_fd=fd))
show(os.access("g", os.W_OK, dir_fd=fd))
os.rename("f", "h", src_dir_fd=fd, dst_dir_fd=fd)
os.link("h", "i", src_dir_fd=fd, dst_dir_fd=fd)
os.utime("i", (5, 6), dir_fd=fd)
show(sorted(os.listdir(fd)), os.stat("moved/h").st_mtime)
os.unlink("i", dir_fd=fd)
os.rmdir("g", dir_fd=fd)
show(attempt(os.open, "x", os.O_RDONLY, dir_fd=fd), attempt(os.open, "x", os.O_RDONLY, dir_fd=file))
os.fchdir(fd)
show(os.path.basename(os.getcwd()), sorted(os.listdir(".")))
""",
    "the working directory": """
start = os.getcwd()
os.makedirs("a/b")
os.symlink("a/b", "link")
os.chdir("link")
show(os.path.relpath(os.getcwd(), start), os.path.samefile("..", f"{start}/a"))
write("here")
os.rename(f"{start}/a", f"{start}/c")
show(os.path.relpath(os.getcwd(), start), os.listdir("."), os.listdir("../.."))
show(attempt(os.chdir, "here"), attempt(os.chdir, "none"))
os.unlink("here")
os.rmdir(f"{start}/c/b")
show(attempt(os.getcwd), attempt(open, "x", "w"))
os.chdir(start)
show(sorted(os.listdir()))
""",
    "times": """
write("f")
for times in ((1, 2), (-5, -7), (2**31 + 5, 2**33)):
    os.utime("f", times)
    show(os.stat("f").st_atime_ns, os.stat("f").st_mtime_ns)
os.utime("f", ns=(123_456_789, 1_000_000_001))
show(os.stat("f").st_atime_ns, os.stat("f").st_mtime_ns)
precise = 1_700_000_000_123_456_789
os.utime("f", ns=(precise, precise))
show(abs(os.stat("f").st_mtime_ns - precise) < 500)
os.symlink("f", "l")
os.utime("l", (10, 20), follow_symlinks=False)
show(os.lstat("l").st_mtime, os.stat("l").st_mtime < 10**10)
import time
before = time.time() - 1
os.utime("f")
show(before < os.stat("f").st_mtime < before + 60, attempt(os.utime, "none"))
with open("f", "r+b") as file:
    os.utime(file.fileno(), (30, 40))
show(os.stat("f").st_mtime)
""",
    "descriptors": """
import fcntl
fd = os.open("f", os.O_CREAT | os.O_RDWR)
show(os.get_inheritable(fd), os.get_inheritable(os.dup(fd)), fcntl.fcntl(fd, fcntl.F_GETFD))
os.set_inheritable(fd, True)
show(os.get_inheritable(fd), os.get_inheritable(fcntl.fcntl(fd, fcntl.F_DUPFD, 20)))
flags = fcntl.fcntl(fd, fcntl.F_GETFL)
show(flags & os.O_ACCMODE == os.O_RDWR, flags & os.O_APPEND, flags & os.O_CREAT)
fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_APPEND)
os.write(fd, b"abc")
os.lseek(fd, 0, os.SEEK_SET)
os.write(fd, b"def")
show(open("f").read(), os.isatty(fd), attempt(os.ttyname, fd), attempt(os.get_terminal_size, fd))
os.fsync(fd)
os.fdatasync(fd)
os.closerange(fd, fd + 30)
show(attempt(os.fstat, fd), attempt(os.close, fd), attempt(os.dup, fd), attempt(os.dup2, fd, 50))
""",
    "memory maps": """
import mmap
write("f", b"0123456789" * 1000)
with open("f", "r+b") as file:
    with mmap.mmap(file.fileno(), 0) as memory:
        show(len(memory), memory[9_995:], memory.find(b"90"))
        memory[3:6] = b"XYZ"
        memory.flush()
        show(open("f", "rb").read(10))
        memory[-1:] = b"!"
    show(open("f", "rb").read()[-3:], os.path.getsize("f"))
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as memory:
        memory[:4] = b"copy"
    with mmap.mmap(file.fileno(), 100, access=mmap.ACCESS_READ, offset=mmap.ALLOCATIONGRANULARITY
                   if len(sys.argv) > 1 else 0) as memory:
        show(memory[:10], len(memory))
show(open("f", "rb").read(10))
""",
    "memory maps and descriptors": """
import mmap
write("f", b"a" * 200_000)
file = open("f", "r+b")
memory = mmap.mmap(file.fileno(), 0)
memory[10:13] = b"XYZ"
show(os.pread(file.fileno(), 5, 9), open("f", "rb").read(14))
os.pwrite(file.fileno(), b"QQ", 100)
with open("f", "r+b") as other:
    other.seek(150_000)
    other.write(b"zz")
show(memory[99:103], memory[149_999:150_003])
with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as seen:
    show(seen[9:14])
    os.pwrite(file.fileno(), b"!", 9)
    show(seen[9:14])
with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as copy:
    copy[9] = 0
show(os.pread(file.fileno(), 2, 9))
file.close()
memory[:2] = b"HH"
memory.flush()
show(open("f", "rb").read(3))
memory[70_000:70_001] = b"p"
memory.flush(65_536, 65_536)
show(open("f", "rb").read()[69_999:70_002])
memory.resize(300_000)
memory[-1:] = b"!"
memory.resize(1000)
show(os.path.getsize("f"), len(memory))
memory.close()
with open("f", "a+b") as file:
    with mmap.mmap(file.fileno(), 0) as memory:
        memory[5:6] = b"!"
show(os.path.getsize("f"), open("f", "rb").read(7))
with open("f", "rb") as file:
    show(attempt(mmap.mmap, file.fileno(), 0), attempt(mmap.mmap, file.fileno(), 0, offset=1))
with open("f", "wb") as file:
    file.write(b"0123456789")
    file.flush()
    show(attempt(mmap.mmap, file.fileno(), 10))
""",
    "a memory map when the process ends": """
import mmap
write("f", b"a" * 10)
file = open("f", "r+b")
memory = mmap.mmap(file.fileno(), 0)
memory[:3] = b"end"
sys.stdout.flush()
os._exit(0)
""",
    "devices": """
with open("/dev/null", "r+b", buffering=0) as null:
    show(null.write(b"x"), null.read(), stat.S_ISCHR(os.fstat(null.fileno()).st_mode))
with open("/dev/zero", "rb") as zero:
    show(zero.read(5))
with open("/dev/urandom", "rb") as random:
    show(len(random.read(100)))
show(attempt(open, "/dev/full", "wb", buffering=0).write.__name__)
with open("/dev/full", "wb", buffering=0) as full:
    show(attempt(full.write, b"x"))
show(sorted(set(os.listdir("/proc/self/fd")) & {"0", "1", "2"}))
""",
    "copies, trees and archives": """
import pathlib, shutil, tarfile, tempfile, zipfile
root = pathlib.Path("tree")
(root / "a/b").mkdir(parents=True)
(root / "a/file").write_bytes(bytes(range(256)) * 1000)
(root / "a/file").chmod(0o640)
(root / "a/b/link").symlink_to("../file")
shutil.copytree(root, "copy", symlinks=True)
show(sorted(str(path) for path in pathlib.Path("copy").rglob("*")))
show(oct(os.stat("copy/a/file").st_mode), os.readlink("copy/a/b/link"))
shutil.make_archive("t", "gztar", root)
shutil.make_archive("z", "zip", root)
shutil.unpack_archive("t.tar.gz", "from_tar", filter="data")
shutil.unpack_archive("z.zip", "from_zip")
show(open("from_tar/a/file", "rb").read() == open("from_zip/a/file", "rb").read())
with tempfile.TemporaryDirectory(dir=".") as folder, tempfile.TemporaryFile(dir=folder) as file:
    file.write(b"x")
    show(os.listdir(folder), file.seek(0), file.read())
with tempfile.NamedTemporaryFile(dir=".") as file:
    show(oct(os.stat(file.name).st_mode))
shutil.rmtree("copy")
os.remove("t.tar.gz")  # its size depends on the time
os.remove("z.zip")
show(sorted(os.listdir(".")), shutil.disk_usage(".").total > 0, os.statvfs(".").f_bsize)
""",
}
