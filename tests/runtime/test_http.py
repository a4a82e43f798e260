"""HTTP requests of the command line, which Node's fetch sends."""

from __future__ import annotations

import textwrap
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from engines import ENGINES


class Handler(BaseHTTPRequestHandler):
    """Answers what the tests ask for; /hang says nothing until the test is over."""

    over = threading.Event()

    def do_GET(self) -> None:
        """Answer by path."""
        if self.path == "/hang":
            self.over.wait()
            return
        self.answer(302 if self.path == "/redirect" else 200, self.path.encode())

    def do_POST(self) -> None:
        """Answer with the body."""
        self.answer(200, self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, status: int, body: bytes) -> None:
        """Send a body."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "/target")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base's name
        """Say nothing."""


class HttpTest(unittest.TestCase):
    """Each test runs a program on every engine, with the server's address as its argument."""

    def setUp(self) -> None:
        Handler.over.clear()
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        self.addCleanup(Handler.over.set)

    def check(self, code: str, *expected: str) -> None:
        """Run code; expected are the lines that it prints."""
        program = f"address = {self.address!r}\n{textwrap.dedent(code)}"
        for engine in ENGINES:
            with self.subTest(engine=str(engine)):
                process = engine.run(program)
                self.assertEqual((process.stderr, process.returncode), ("", 0), process.stdout)
                self.assertEqual(process.stdout.splitlines(), list(expected))

    def test_urllib(self) -> None:
        code = """
            from urllib.request import urlopen
            import urllib.error
            print(urlopen(address + "/path?query").read())
            print(urlopen(address, b"body").read())
            response = urlopen(address + "/redirect")
            print(response.url.removeprefix(address), response.read())
            try:
                urlopen(address + "/hang", timeout=0.1)
            except TimeoutError as error:
                print(error)
            try:
                urlopen("http://127.0.0.1:9/")
            except urllib.error.URLError as error:
                print(type(error.reason).__name__)
        """
        lines = ["b'/path?query'", "b'body'", "/target b'/target'", "timed out"]
        # Node's fetch refuses ports of other services, as browsers do.
        self.check(code, *lines, "OSError")

    def test_threads_and_coroutines(self) -> None:
        code = """
            import asyncio, threading
            from urllib.request import urlopen
            from pyodide.http import pyfetch
            def work(name):
                results.append(urlopen(address + name).read())
            results = []
            threads = [threading.Thread(target=work, args=(f"/{n}",)) for n in range(3)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(sorted(results))
            async def main():
                return await (await pyfetch(address + "/fetched")).text()
            print(asyncio.run(main()))
        """
        self.check(code, "[b'/0', b'/1', b'/2']", "/fetched")

    def test_a_loop_of_the_program_stays_its_loop(self) -> None:
        code = """
            import asyncio, sys
            from urllib.request import urlopen
            def work(name):
                return urlopen(address + name).read()
            async def main():
                print(await asyncio.gather(*[asyncio.to_thread(work, f"/{n}") for n in range(3)]))
                return type(asyncio.get_running_loop()).__name__
            print(asyncio.run(main()), asyncio.run(main()), "js" in sys.modules)
            import js
            async def later():
                return type(asyncio.get_running_loop()).__name__, await js.Promise.resolve(1)
            print(asyncio.run(later()))
        """
        loop = "_UnixSelectorEventLoop"
        answers = "[b'/0', b'/1', b'/2']"
        self.check(code, answers, answers, f"{loop} {loop} False", "('WebLoop', 1)")


if __name__ == "__main__":
    unittest.main()
