/** `pyodide.FS`, PATH, ERRNO_CODES, mounts and archives. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

/** Runs `body` with a new folder, which is gone afterwards. */
async function withFolder(t, body) {
  const { FS } = t.pyodide;
  const folder = "/tmp/files";
  FS.mkdir(folder);
  try {
    return await body(t.pyodide, folder);
  } finally {
    t.pyodide.runPython(`import shutil; shutil.rmtree("${folder}")`);
  }
}

test("a program finds the usual folders and devices", (t) => {
  const { FS } = t.pyodide;
  for (const path of [
    "/tmp",
    "/home/pyodide",
    "/home/web_user",
    "/proc",
    "/lib/python3.13/site-packages",
  ]) {
    assert.ok(FS.isDir(FS.stat(path).mode), path);
  }
  const devices = ["null", "tty", "tty1", "random", "urandom", "shm", "stdin", "stdout", "stderr"];
  for (const name of devices) {
    assert.ok(FS.analyzePath(`/dev/${name}`).exists, name);
  }
  assert.same(FS.cwd(), "/home/pyodide");
});

test("both languages see the same files", async (t) => {
  await withFolder(t, ({ FS, runPython }, folder) => {
    FS.writeFile(`${folder}/a.txt`, "J\u00fcrgen");
    assert.same(runPython(`open("${folder}/a.txt").read()`), "J\u00fcrgen");
    runPython(`
with open("${folder}/b.bin", "wb") as file:
    file.write(bytes([0, 1, 255]))`);
    assert.deepEqual(FS.readFile(`${folder}/b.bin`), Uint8Array.of(0, 1, 255));
    assert.same(FS.readFile(`${folder}/a.txt`, { encoding: "utf8" }), "J\u00fcrgen");
    assert.deepEqual(FS.readdir(folder).sort(), [".", "..", "a.txt", "b.bin"]);
  });
});

test("failures are Errors with errno and code", (t) => {
  const { FS, ERRNO_CODES } = t.pyodide;
  const error = assert.throws(() => FS.readFile("/nowhere"), {
    name: "ErrnoError",
    errno: ERRNO_CODES.ENOENT,
    code: "ENOENT",
    message: /ENOENT/,
  });
  assert.ok(error instanceof Error);
  assert.ok(error instanceof FS.ErrnoError);
  assert.same(ERRNO_CODES.ENOENT, 44);
  error.message = "rewritten";
  assert.same(error.message, "rewritten");
  assert.throws(() => FS.mkdir("/tmp"), { code: "EEXIST", errno: 20 });
});

test("an unknown encoding is an Error, and the interpreter goes on", (t) => {
  const { FS, runPython } = t.pyodide;
  assert.throws(() => FS.readFile("/dev/null", { encoding: "latin1" }), { message: /latin1/ });
  assert.same(runPython("1 + 1"), 2);
});

test("paths are joined and taken apart", (t) => {
  const { PATH } = t.pyodide;
  assert.same(PATH.join2("/a", "b"), "/a/b");
  assert.same(PATH.dirname("/a/b.txt"), "/a");
  assert.same(PATH.basename("/a/b.txt"), "b.txt");
  assert.same(PATH.normalize("/a/../b/./c"), "/b/c");
  assert.ok(PATH.isAbs("/a"));
});

/** A file system in a few lines, as third parties write them. */
function oneFileSystem({ FS, ERRNO_CODES }, text) {
  const bytes = new TextEncoder().encode(text);
  const fileOps = { getattr: (node) => attributes(node, bytes.length) };
  const streamOps = {
    read(_stream, buffer, offset, length, position) {
      const part = bytes.subarray(position, position + length);
      buffer.set(part, offset);
      return part.length;
    },
    llseek: (_stream, offset, whence) => (whence === 2 ? bytes.length : 0) + offset,
  };
  const attributes = (node, size) => {
    const time = new Date(0);
    const times = { atime: time, mtime: time, ctime: time };
    return {
      dev: 1,
      ino: node.id,
      mode: node.mode,
      nlink: 1,
      uid: 0,
      gid: 0,
      rdev: 0,
      size,
      ...times,
      blksize: 4096,
      blocks: 1,
    };
  };
  const folderOps = {
    getattr: (node) => attributes(node, 4096),
    readdir: () => [".", "..", "only"],
    lookup(parent, name) {
      if (name !== "only") {
        throw new FS.ErrnoError(ERRNO_CODES.ENOENT);
      }
      const node = FS.createNode(parent, name, 0o100444, 0);
      return Object.assign(node, { node_ops: fileOps, stream_ops: streamOps });
    },
  };
  return {
    mount() {
      const root = FS.createNode(null, "/", 0o040555, 0);
      return Object.assign(root, { node_ops: folderOps, stream_ops: {} });
    },
  };
}

test("a file system of somebody else's works", async (t) => {
  await withFolder(t, ({ FS, ERRNO_CODES, runPython }, folder) => {
    FS.mkdir(`${folder}/mounted`);
    FS.mount(oneFileSystem({ FS, ERRNO_CODES }, "x = 42\n"), {}, `${folder}/mounted`);
    const code = `
import os
os.listdir("${folder}/mounted")[0] + open("${folder}/mounted/only").read()`;
    assert.same(runPython(code), "onlyx = 42\n");
    assert.same(runPython(`os.path.exists("${folder}/mounted/other")`), false);
    FS.unmount(`${folder}/mounted`);
  });
});

test("a folder of the host can be mounted", { hosts: ["node"] }, async (t) => {
  const fs = await import("node:fs");
  const os = await import("node:os");
  const hostFolder = fs.mkdtempSync(`${os.tmpdir()}/mounted-`);
  fs.writeFileSync(`${hostFolder}/here.txt`, "from the host");
  try {
    await withFolder(t, ({ FS, mountNodeFS, runPython }, folder) => {
      mountNodeFS(`${folder}/host`, hostFolder);
      assert.same(runPython(`open("${folder}/host/here.txt").read()`), "from the host");
      runPython(`
with open("${folder}/host/back.txt", "w") as file:
    file.write("from Python")`);
      assert.same(fs.readFileSync(`${hostFolder}/back.txt`, "utf8"), "from Python");
      const mount = (path, from) => () => mountNodeFS(path, from);
      assert.throws(mount(`${folder}/host`, hostFolder), { message: /mounted at/ });
      assert.throws(mount(`${folder}/x`, `${hostFolder}/none`), { message: /no folder/ });
      assert.throws(mount(`${folder}/x`, `${hostFolder}/here.txt`), { message: /no folder/ });
      assert.throws(mount(folder, hostFolder), { message: /not empty/ });
      FS.unmount(`${folder}/host`);
    });
  } finally {
    fs.rmSync(hostFolder, { recursive: true });
  }
});

test("pages have no folders to mount", { hosts: ["page", "worker"] }, (t) => {
  assert.throws(() => t.pyodide.mountNodeFS("/x", "/"), { message: /only Node/ });
});

/** An archive of one file, hello.txt, made by Python. */
function archive({ FS, runPython }, folder, format) {
  runPython(`
import os, shutil
os.makedirs("${folder}/packed")
with open("${folder}/packed/hello.txt", "w") as file:
    file.write("hello ${format}")
shutil.make_archive("${folder}/archive", "${format}", "${folder}/packed")
shutil.rmtree("${folder}/packed")
archive = [name for name in os.listdir("${folder}") if name.startswith("archive")][0]
os.rename("${folder}/" + archive, "${folder}/a")`);
  const bytes = FS.readFile(`${folder}/a`);
  FS.unlink(`${folder}/a`);
  return bytes;
}

const NAMES = {
  zip: ["zip", ".ZIP", "wheel", "whl"],
  tar: ["tar", ".tar"],
  gztar: ["gztar", "tar.gz", "tgz"],
  bztar: ["bztar", ".tar.bz2", "tbz2"],
  xztar: ["xztar", "tar.xz", "txz"],
};

for (const [format, names] of Object.entries(NAMES)) {
  test(`archives are unpacked: ${names.join(" ")}`, async (t) => {
    await withFolder(t, (pyodide, folder) => {
      const bytes = archive(pyodide, folder, format);
      for (const [index, name] of names.entries()) {
        const extractDir = `${folder}/out/${index}`;
        pyodide.unpackArchive(bytes, name, { extractDir });
        const text = pyodide.FS.readFile(`${extractDir}/hello.txt`, { encoding: "utf8" });
        assert.same(text, `hello ${format}`);
      }
    });
  });
}

test("every kind of buffer can be unpacked, by default into the working directory", async (t) => {
  await withFolder(t, (pyodide, folder) => {
    const { FS, unpackArchive } = pyodide;
    const bytes = archive(pyodide, folder, "zip");
    const longer = new Uint8Array(bytes.length + 7);
    longer.set(bytes, 3);
    const kinds = [
      bytes.slice().buffer,
      longer.subarray(3, bytes.length + 3),
      new DataView(longer.buffer, 3, bytes.length),
    ];
    if (t.host === "node") {
      kinds.push(Buffer.from(bytes));
    }
    FS.chdir(folder);
    try {
      for (const kind of kinds) {
        unpackArchive(kind, "zip");
        assert.ok(FS.analyzePath(`${folder}/hello.txt`).exists);
        FS.unlink(`${folder}/hello.txt`);
      }
    } finally {
      FS.chdir("/home/pyodide");
    }
  });
});

test("what cannot be unpacked says why", (t) => {
  const { FS, unpackArchive } = t.pyodide;
  const bytes = Uint8Array.of(1, 2, 3);
  assert.throws(() => unpackArchive("text", "zip"), TypeError);
  assert.throws(() => unpackArchive([1, 2], "zip"), TypeError);
  assert.throws(() => unpackArchive(bytes, 5), TypeError);
  assert.throws(() => unpackArchive(bytes, "rar"), { type: "ValueError" });
  assert.throws(() => unpackArchive(bytes, "zip"), { type: "ReadError" });
  assert.throws(() => unpackArchive(bytes, "tar"), { type: "ReadError" });
  assert.deepEqual(
    FS.readdir("/tmp").filter((name) => name.startsWith(".coil")),
    [],
  );
});
