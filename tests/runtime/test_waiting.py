"""Waiting for descriptors: pipes, connected sockets, selectors, event loops in several threads."""

from __future__ import annotations

import unittest

from engines import ENGINES
from support import NATIVE, Case

# Programs whose output and status must be native CPython's.
PROGRAMS = {
    "reading a pipe waits for the writer": (
        "import os, threading, time\n"
        "r, w = os.pipe()\n"
        "begin = time.monotonic(); threading.Timer(0.05, os.write, (w, b'late')).start()\n"
        "print(os.read(r, 10), time.monotonic() - begin >= 0.05)\n"
        "threading.Timer(0.05, os.close, (w,)).start(); print(os.read(r, 10))\n"
    ),
    "writing to a full pipe waits for the reader": (
        "import os, threading, time\n"
        "r, w = os.pipe()\n"
        "def read():\n"
        "  time.sleep(0.05)\n"
        "  while data := os.read(r, 7777): sizes.append(len(data))\n"
        "sizes = []\n"
        "t = threading.Thread(target=read); t.start()\n"
        "for _ in range(50): assert os.write(w, b'x' * 10_000) == 10_000\n"
        "print(os.writev(w, [b'', b'abc', b'd' * 100_000]))\n"
        "os.close(w); t.join(); print(sum(sizes), max(sizes))\n"
    ),
    "pipes that do not wait": (
        "import errno, os, select\n"
        "r, w = os.pipe(); os.set_blocking(r, False); os.set_blocking(w, False)\n"
        "def attempt(f, *a):\n"
        "  try: return f(*a)\n"
        "  except OSError as e: return errno.errorcode[e.errno]\n"
        "print(attempt(os.read, r, 1), select.select([r], [w], [], 0) == ([], [w], []))\n"
        "print(attempt(os.write, w, b'x' * 100_000), attempt(os.write, w, b'y'))\n"
        "print(select.select([r], [w], [], 0) == ([r], [], []))\n"
        "print(len(os.read(r, 5000)), attempt(os.write, w, b'y' * 4096))\n"
        "os.close(r); print(attempt(os.write, w, b'z'))\n"
        "p = select.poll(); p.register(w); print(p.poll(0)[0][1] & select.POLLERR != 0)\n"
        "r, w = os.pipe(); os.close(w); p = select.poll(); p.register(r, select.POLLIN)\n"
        "print(p.poll(0)[0][1] == select.POLLHUP, os.read(r, 1))\n"
    ),
    "waits of less than a millisecond": (
        "import os, select, time\n"
        "r, w = os.pipe()\n"
        "def early(seconds, *sets):\n"
        "  begin = time.monotonic(); select.select(*sets, seconds)\n"
        "  return time.monotonic() - begin < seconds\n"
        "for seconds in (0.0009, 0.0003, 0.00002):\n"
        "  print([any(early(seconds, s, [], []) for _ in range(20)) for s in ([], [r])])\n"
    ),
    "select() of the same descriptor in several sets, and of a closed one": (
        "import errno, os, select, socket\n"
        "a, b = socket.socketpair(); b.send(b'x'); names = {a: 'a', b: 'b'}\n"
        "ready = select.select([a, b], [a, b], [a, b], 1)\n"
        "print([[names[s] for s in group] for group in ready])\n"
        "r, w = os.pipe(); os.close(w)\n"
        "print(select.select([r], [], [], 1)[0] == [r]); os.close(r)\n"
        "for wrong in ([r], [-1], [5000]):\n"
        "  try: select.select(wrong, [], [], 0)\n"
        "  except OSError as e: print(errno.errorcode[e.errno])\n"
        "  except ValueError as e: print(e)\n"
        "try: select.select([], [], [], -1)\n"
        "except ValueError as e: print(e)\n"
    ),
    "every kind of descriptor can be told not to wait": (
        "import os, socket, tempfile\n"
        "folder = tempfile.mkdtemp(); fifo = folder + '/fifo'; os.mkfifo(fifo)\n"
        "a, b = socket.socketpair(); file = open(folder + '/file', 'wb')\n"
        "ends = *os.pipe(), a.fileno(), file.fileno(), os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)\n"
        "for fd in ends:\n"
        "  os.set_blocking(fd, False); first = os.get_blocking(fd)\n"
        "  os.set_blocking(fd, True); print(first, os.get_blocking(fd))\n"
        "s = socket.socket(); s.settimeout(0.5); s.setblocking(False); print(s.getblocking())\n"
    ),
    "duplicates keep a pipe open": (
        "import os\n"
        "r, w = os.pipe(); copy = os.dup(w); os.close(w)\n"
        "os.write(copy, b'a'); os.close(copy); print(os.read(r, 9), os.read(r, 9))\n"
        "with open(r, 'rb') as reader: print(reader.read())\n"
    ),
    "connected sockets": (
        "import socket, threading\n"
        "a, b = socket.socketpair()\n"
        "t = threading.Thread(target=a.sendall, args=(b'x' * 500_000,)); t.start()\n"
        "count = 0\n"
        "while count < 500_000: count += len(b.recv(9999))\n"
        "t.join(); print(count)\n"
        "b.send(b'peek'); print(a.recv(2, socket.MSG_PEEK), a.recv(9))\n"
        "b.settimeout(0.05)\n"
        "try: b.recv(1)\n"
        "except TimeoutError as e: print(e)\n"
        "b.setblocking(False)\n"
        "try: b.recv(1)\n"
        "except BlockingIOError: print('nothing')\n"
        "a.shutdown(socket.SHUT_WR); b.setblocking(True); print(b.recv(1), b.send(b'yes'))\n"
        "print(a.recv(9)); a.close()\n"
        "try: b.send(b'x'); b.send(b'x')\n"
        "except BrokenPipeError: print('broken')\n"
        "a, b = socket.socketpair(); a.sendmsg([b'ab', b'', b'cd']); print(b.recvmsg(9)[0])\n"
        "f = b.makefile('rw'); f.write('line\\n'); f.flush(); print(a.makefile().readline())\n"
    ),
    "selectors": (
        "import selectors, socket, threading, time\n"
        "for kind in (selectors.SelectSelector, selectors.PollSelector):\n"
        "  with kind() as s:\n"
        "    a, b = socket.socketpair()\n"
        "    s.register(a, selectors.EVENT_READ, 'a')\n"
        "    begin = time.monotonic(); print(s.select(0.05), time.monotonic() - begin >= 0.05)\n"
        "    threading.Timer(0.05, b.send, (b'x',)).start()\n"
        "    print([key.data for key, _ in s.select(9)], s.select(0)[0][1])\n"
    ),
    "event loops in several threads": (
        "import asyncio, threading, time\n"
        "async def work(tag):\n"
        "  loop = asyncio.get_running_loop(); future = loop.create_future()\n"
        "  t = threading.Timer(0.02, lambda: loop.call_soon_threadsafe(future.set_result, tag))\n"
        "  t.start()\n"
        "  squares = [asyncio.to_thread(lambda i=i: i * i) for i in range(9)]\n"
        "  done = await asyncio.gather(asyncio.to_thread(time.sleep, 0.03), *squares)\n"
        "  try: await asyncio.wait_for(asyncio.sleep(9), 0.02)\n"
        "  except TimeoutError: done.append('timeout')\n"
        "  return await future, done[1:]\n"
        "print(asyncio.run(work('main')))\n"
        "out = []\n"
        "def run(i): out.append(asyncio.run(work(i)))\n"
        "ts = [threading.Thread(target=run, args=(i,)) for i in range(3)]\n"
        "for t in ts: t.start()\n"
        "for t in ts: t.join()\n"
        "print(sorted(out))\n"
    ),
    "streams and pipes of an event loop": (
        "import asyncio, os, socket\n"
        "async def main():\n"
        "  a, b = socket.socketpair()\n"
        "  reader, writer = await asyncio.open_connection(sock=a)\n"
        "  other_reader, other_writer = await asyncio.open_connection(sock=b)\n"
        "  writer.write(b'x' * 300_000 + b'\\n'); other_writer.write(b'hello\\n')\n"
        "  line, data, _ = await asyncio.gather(\n"
        "    reader.readline(), other_reader.readexactly(300_001), writer.drain())\n"
        "  print(line, len(data)); writer.close(); print(await other_reader.read())\n"
        "  other_writer.close()\n"
        "  r, w = os.pipe(); loop = asyncio.get_running_loop(); stream = asyncio.StreamReader()\n"
        "  protocol = asyncio.StreamReaderProtocol(stream)\n"
        "  await loop.connect_read_pipe(lambda: protocol, open(r, 'rb', 0))\n"
        "  loop.call_later(0.02, os.write, w, b'piped'); loop.call_later(0.03, os.close, w)\n"
        "  print(await stream.read())\n"
        "asyncio.run(main())\n"
    ),
    "a handler wakes an event loop": (
        "import asyncio, os, signal\n"
        "async def main():\n"
        "  loop = asyncio.get_running_loop(); event = asyncio.Event()\n"
        "  loop.add_signal_handler(signal.SIGUSR1, event.set)\n"
        "  loop.call_later(0.05, os.kill, os.getpid(), signal.SIGUSR1)\n"
        "  await asyncio.wait_for(event.wait(), 9); print('handled')\n"
        "asyncio.run(main())\n"
    ),
    "a read of standard input beside other threads": (
        "import sys, threading, time\n"
        "t = threading.Thread(target=lambda: (time.sleep(0.05), print('thread')))\n"
        "t.start(); t.join(); print(input()); print(sys.stdin.read())\n"
    ),
}


class SameAsNativeTest(unittest.TestCase):
    """Compares whole runs with native CPython."""

    maxDiff = None

    def test_programs(self) -> None:
        for name, code in PROGRAMS.items():
            case = Case(["-W", "ignore", "-c", code], input=b"one\ntwo\nthree\n")
            expected = case.run(NATIVE)
            for engine in ENGINES:
                with self.subTest(engine=str(engine), case=name):
                    outcome = case.run(engine.command())
                    self.assertEqual(
                        (outcome.status, outcome.output),
                        (expected.status, expected.output),
                        outcome.errors.decode(),
                    )
                    self.assertEqual((expected.status, expected.errors), (0, b""))


if __name__ == "__main__":
    unittest.main()
