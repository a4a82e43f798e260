"""Times threads, in Coil and in native CPython. Prints one line of JSON.

Microseconds for one operation: ``create and join``, ``hand a lock over``; how many sleeping threads
were alive at once: ``alive``, for a number and a stack size in KB as arguments.
"""

from __future__ import annotations

import json
import sys
import threading
import time

COUNT = 2000


def create_and_join() -> float:
    """Return the seconds that COUNT threads take, one after the other."""
    begin = time.perf_counter()
    for _ in range(COUNT):
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()
    return time.perf_counter() - begin


def hand_over() -> float:
    """Return the seconds in which two threads give each other the turn COUNT times."""
    mine, other = threading.Lock(), threading.Lock()
    other.acquire()

    def play(take: threading.Lock, give: threading.Lock) -> None:
        for _ in range(COUNT // 2):
            take.acquire()
            give.release()

    partner = threading.Thread(target=play, args=(other, mine))
    begin = time.perf_counter()
    partner.start()
    play(mine, other)
    partner.join()
    return time.perf_counter() - begin


def alive(number: int, kilobytes: int) -> int:
    """Return how many of *number* threads with stacks of that size (0: default) slept at once."""
    threading.stack_size(kilobytes * 1024)
    event = threading.Event()
    threads = [threading.Thread(target=event.wait) for _ in range(number)]
    for thread in threads:
        thread.start()
    at_once = sum(thread.is_alive() for thread in threads)
    event.set()
    for thread in threads:
        thread.join()
    return at_once


def main(arguments: list[str]) -> None:
    """Print what the arguments ask for: two numbers for `alive`, nothing for the times."""
    if arguments:
        print(json.dumps({"alive": alive(*map(int, arguments))}))
        return
    create_and_join(), hand_over()
    rows = {"create and join": create_and_join, "hand a lock over": hand_over}
    found = {name: min(run() for _ in range(5)) / COUNT * 1e6 for name, run in rows.items()}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
