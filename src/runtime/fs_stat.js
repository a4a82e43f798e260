// struct stat and the times of files: 64-bit inode numbers, nanoseconds, one unit for st_blocks.
//
// Emscripten keeps times in milliseconds and inode numbers in doubles. Here attributes carry the times
// as BigInt nanoseconds beside them (atimeNs, mtimeNs, ctimeNs, as in Node's BigIntStats), and the
// numbers may be BigInts.

addToLibrary({
  $FS_STAT__deps: ["$FS_ABI", "$SYSCALLS", "$FS"],
  $FS_STAT__postset: "SYSCALLS.writeStat = FS_STAT.write;",
  $FS_STAT: {
    // Fills the struct stat at `buffer` from what FS.stat() and FS.fstat() return.
    write(buffer, given) {
      const pointer = buffer >>> 0;
      const attributes = given.exact ?? given; // a host file's BigIntStats
      const layout = FS_ABI.stat;
      const put32 = (offset, value) => {
        HEAPU32[(pointer + offset) >>> 2] = Number(value);
      };
      // dev_t has 32 bits here, and so have all numbers that Linux gives to devices.
      put32(layout.st_dev, BigInt.asUintN(32, BigInt(attributes.dev)));
      put32(layout.st_mode, attributes.mode);
      put32(layout.st_nlink, attributes.nlink);
      put32(layout.st_uid, attributes.uid);
      put32(layout.st_gid, attributes.gid);
      put32(layout.st_rdev, BigInt.asUintN(32, BigInt(attributes.rdev)));
      put32(layout.st_blksize, attributes.blksize);
      put32(layout.st_blocks, attributes.blocks);
      HEAP64[(pointer + layout.st_size) >>> 3] = BigInt(attributes.size);
      HEAPU64[(pointer + layout.st_ino) >>> 3] = BigInt(attributes.ino);
      FS_STAT.writeTime(pointer + layout.st_atim.tv_sec, FS_STAT.nanoseconds(attributes, "atime"));
      FS_STAT.writeTime(pointer + layout.st_mtim.tv_sec, FS_STAT.nanoseconds(attributes, "mtime"));
      FS_STAT.writeTime(pointer + layout.st_ctim.tv_sec, FS_STAT.nanoseconds(attributes, "ctime"));
      return 0;
    },

    // File systems that come with Emscripten have Dates only.
    nanoseconds: (attributes, name) =>
      attributes[`${name}Ns`] ?? BigInt(attributes[name].getTime()) * 1_000_000n,

    // BigInts are slow to divide and every result is a new object, so the seconds are divided as a
    // double, which may be off by one, and the rest, below 2^32, is left over modulo 2^32.
    writeTime(pointer, time) {
      const low = Number(BigInt.asUintN(32, time));
      const restOf = (seconds) => (low - Math.imul(seconds, 1_000_000_000)) >>> 0;
      let seconds = Math.floor(Number(time) / 1e9);
      if (restOf(seconds) >= 1_000_000_000) {
        seconds += restOf(seconds + 1) < 1_000_000_000 ? 1 : -1;
      }
      HEAPU32[pointer >>> 2] = seconds;
      HEAP32[(pointer + 4) >>> 2] = Math.floor(seconds / 0x1_0000_0000);
      HEAP32[(pointer + FS_ABI.timespec.tv_nsec) >>> 2] = restOf(seconds);
    },

    // The struct timespec at `pointer` in nanoseconds; null for UTIME_OMIT.
    readTime(pointer, now) {
      const part = HEAP32[(pointer + FS_ABI.timespec.tv_nsec) >>> 2];
      if (part === FS_ABI.UTIME_NOW) {
        return now;
      }
      return part === FS_ABI.UTIME_OMIT
        ? null
        : HEAP64[pointer >>> 3] * 1_000_000_000n + BigInt(part);
    },

    now: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n,
  },

  // utimensat() and, with an empty path, futimens(). FS.utime() takes milliseconds, so nanoseconds go
  // to the node's setattr beside them.
  __syscall_utimensat__deps: ["$FS_STAT", "$fsSyscall", "$HOST_FS"],
  __syscall_utimensat: (directory, path, times, flags) =>
    fsSyscall(() => {
      const pointer = times >>> 0;
      const now = FS_STAT.now();
      const atimeNs = pointer ? FS_STAT.readTime(pointer, now) : now;
      const mtimeNs = pointer ? FS_STAT.readTime(pointer + FS_ABI.timespec.__size__, now) : now;
      if (atimeNs === null && mtimeNs === null) {
        return 0;
      }
      const name = SYSCALLS.calculateAt(directory, SYSCALLS.getStr(path), true);
      const dontFollow = (flags & FS_ABI.AT_SYMLINK_NOFOLLOW) !== 0;
      const host = HOST_FS.locate(name);
      if (host !== null) {
        HOST_FS.setTimes(host, { atimeNs, mtimeNs, dontFollow });
        return 0;
      }
      const { node } = path
        ? FS.lookupPath(name, { follow: !dontFollow })
        : FS.getStream(directory);
      const milliseconds = (time) => (time === null ? null : Number(time) / 1e6);
      FS.doSetAttr(null, node, {
        atime: milliseconds(atimeNs),
        mtime: milliseconds(mtimeNs),
        ctime: Number(now) / 1e6,
        atimeNs,
        mtimeNs,
        dontFollow,
      });
      return 0;
    }),
});
