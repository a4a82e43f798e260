// Corrections to MEMFS, Emscripten's file system in memory: what CPython and its tests ask of a POSIX
// file system and MEMFS does not do.
//
//   hard links                 MEMFS has none: several names share one inode here
//   struct stat                links of folders, st_size of symbolic links in bytes, st_blocks in units of
//                              512 bytes, times to the nanosecond, st_nlink 0 after the last unlink
//   O_CREAT | O_EXCL           fails on a symbolic link instead of following it
//   names                      longer than 255 bytes: ENAMETOOLONG
//   no more memory             ENOSPC instead of a RangeError that ends the interpreter

addToLibrary({
  $FS_MEMORY__deps: ["$FS", "$MEMFS", "$FS_ABI", "$FS_PATH", "$fsFail"],
  $FS_MEMORY__postset: "FS_MEMORY.install();",
  $FS_MEMORY: {
    // MEMFS copies its node operations into tables when it makes its first node, which FS does while
    // the glue loads: both are changed.
    install() {
      FS_MEMORY.setTimes = MEMFS.node_ops.setattr;
      const changed = {
        getattr: FS_MEMORY.attributes,
        setattr: FS_MEMORY.setAttributes,
        unlink: FS_MEMORY.wrapRemoval(MEMFS.node_ops.unlink),
        rmdir: FS_MEMORY.wrapRemoval(MEMFS.node_ops.rmdir),
        rename: FS_MEMORY.wrapRename(MEMFS.node_ops.rename),
      };
      const { dir, file, link, chrdev } = MEMFS.ops_table;
      for (const operations of [MEMFS.node_ops, dir.node, file.node, link.node, chrdev.node]) {
        for (const [name, operation] of Object.entries(changed)) {
          if (operations[name]) {
            operations[name] = operation;
          }
        }
      }
      dir.node.link = FS_MEMORY.link;
      FS_MEMORY.limitMemory(file.stream);
      FS_MEMORY.wrapCreation();
    },

    // ---- Attributes -------------------------------------------------------------------------------

    attributes(node) {
      const inode = node.inode ?? node;
      const size = FS_MEMORY.size(inode);
      return {
        dev: 1,
        ino: inode.id,
        mode: inode.mode,
        nlink: FS_MEMORY.countLinks(inode),
        uid: 0,
        gid: 0,
        rdev: inode.rdev,
        size,
        blksize: 4096,
        blocks: FS.isLink(inode.mode) ? 0 : Math.ceil(size / 4096) * 8,
        atime: new Date(inode.atime),
        mtime: new Date(inode.mtime),
        ctime: new Date(inode.ctime),
        atimeNs: FS_MEMORY.nanoseconds(inode, "atime"),
        mtimeNs: FS_MEMORY.nanoseconds(inode, "mtime"),
        ctimeNs: FS_MEMORY.nanoseconds(inode, "ctime"),
      };
    },

    size(inode) {
      if (FS.isDir(inode.mode)) {
        return 4096;
      }
      if (FS.isFile(inode.mode)) {
        return inode.usedBytes;
      }
      return FS.isLink(inode.mode) ? FS_PATH.encode(inode.link).length : 0;
    },

    countLinks(inode) {
      if (!FS.isDir(inode.mode)) {
        return inode.links ?? 1;
      }
      const folders = Object.values(inode.contents ?? {}).filter((node) => FS.isDir(node.mode));
      return inode.links === 0 ? 0 : 2 + folders.length;
    },

    // The nanoseconds that utimensat() set, while the milliseconds of FS still say the same.
    nanoseconds(inode, name) {
      const exact = inode.exactTimes?.[name];
      if (exact?.milliseconds === inode[name]) {
        return exact.nanoseconds;
      }
      const whole = Math.floor(inode[name]); // a double has no room for today's nanoseconds
      return BigInt(whole) * 1_000_000n + BigInt(Math.round((inode[name] - whole) * 1e6));
    },

    setAttributes(node, attributes) {
      const inode = node.inode ?? node;
      FS_MEMORY.setTimes(inode, attributes);
      for (const name of ["atime", "mtime"]) {
        const nanoseconds = attributes[`${name}Ns`];
        if (typeof nanoseconds === "bigint") {
          inode.exactTimes ??= {};
          inode.exactTimes[name] = { milliseconds: inode[name], nanoseconds };
        }
      }
      if (attributes.size !== undefined) {
        inode.mtime = inode.ctime = Date.now();
      }
    },

    // ---- Hard links -------------------------------------------------------------------------------

    // A second node whose data are those of the first: node.inode is where they are.
    link(parent, name, path, flags) {
      const follow = (flags & FS_ABI.AT_SYMLINK_FOLLOW) !== 0;
      const { node } = FS.lookupPath(path, { follow });
      if (FS.isDir(node.mode)) {
        fsFail("EPERM");
      }
      if (node.mount !== parent.mount) {
        fsFail("EXDEV");
      }
      const inode = node.inode ?? node;
      const twin = MEMFS.createNode(parent, name, inode.mode, inode.rdev);
      for (const key of ["mode", "atime", "mtime", "ctime", "contents", "usedBytes", "link"]) {
        delete twin[key];
        Object.defineProperty(twin, key, {
          get: () => inode[key],
          set: (value) => {
            inode[key] = value;
          },
          configurable: true,
          enumerable: true,
        });
      }
      twin.inode = inode;
      inode.links = (inode.links ?? 1) + 1;
      inode.ctime = Date.now();
      return twin;
    },

    forget(node) {
      const inode = node.inode ?? node;
      inode.links = FS.isDir(inode.mode) ? 0 : (inode.links ?? 1) - 1;
      inode.ctime = Date.now();
    },

    wrapRemoval: (remove) => (parent, name) => {
      const node = FS.lookupNode(parent, name);
      remove(parent, name);
      FS_MEMORY.forget(node);
    },

    wrapRename: (rename) => (node, directory, name) => {
      const replaced = directory.contents[name];
      rename(node, directory, name);
      if (replaced) {
        FS_MEMORY.forget(replaced);
      }
      node.ctime = Date.now();
    },

    // ---- Creating and writing ---------------------------------------------------------------------

    wrapCreation() {
      const { open, mayCreate, rename } = FS;
      FS.open = (path, flags, mode) => {
        const exclusive = FS_ABI.O_CREAT | FS_ABI.O_EXCL;
        const isExclusive = typeof flags === "number" && (flags & exclusive) === exclusive;
        return open(path, isExclusive ? flags | FS_ABI.O_NOFOLLOW : flags, mode);
      };
      FS.mayCreate = (directory, name) => {
        FS_MEMORY.checkName(name);
        return mayCreate(directory, name);
      };
      // Two names of one file: POSIX says that renaming one to the other does nothing.
      FS.rename = (from, to) => {
        const inodeOf = (path) => {
          const { node } = FS.analyzePath(path, true).exists ? FS.lookupPath(path) : {};
          return node?.inode ?? node;
        };
        const inode = inodeOf(from);
        if (inode?.links > 1 && inode === inodeOf(to)) {
          return;
        }
        rename(from, to);
      };
    },

    checkName(name) {
      // A UTF-16 unit takes at most three bytes.
      if (name.length * 3 > FS_ABI.NAME_MAX && FS_PATH.encode(name).length > FS_ABI.NAME_MAX) {
        fsFail("ENAMETOOLONG");
      }
    },

    limitMemory(operations) {
      const { write } = operations;
      const checked = (...rest) => {
        try {
          return write(...rest);
        } catch (error) {
          if (error instanceof RangeError) {
            fsFail("ENOSPC");
          }
          throw error;
        }
      };
      operations.write = checked;
      MEMFS.stream_ops.write = checked;
    },
  },
});
