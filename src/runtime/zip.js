// Reads stored (uncompressed) zip archives from bytes, looking only at the central directory until a
// file is asked for. Strict: what pack_stdlib.py would not write is an error, because an archive is
// either exactly what was built or not to be used.

addToLibrary({
  $ZIP: {
    END_SIZE: 22, // of the end-of-central-directory record; pack_stdlib.py writes no comment
    ENTRY_SIZE: 46, // of an entry of the central directory, without its name
    LOCAL_SIZE: 30, // of the header before a file's bytes, without its name
    STORED: 0,

    // The class of errors thrown here.
    error() {
      ZIP.ArchiveError ??= class ArchiveError extends Error {
        name = "ArchiveError";
      };
      return ZIP.ArchiveError;
    },

    fail(reason) {
      throw new (ZIP.error())(`Damaged archive: ${reason}. Install or download it again.`);
    },

    // Returns {bytes, view, title, directory, entries: Map of name to {name, size, header}}.
    parse(bytes, title) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const end = bytes.length - ZIP.END_SIZE;
      if (end < 0 || view.getUint32(end, true) !== 0x06054b50) {
        ZIP.fail(`${title} has no end record; it was cut off or is no zip`);
      }
      const count = view.getUint16(end + 10, true);
      const directorySize = view.getUint32(end + 12, true);
      const directory = view.getUint32(end + 16, true);
      if (directory + directorySize !== end) {
        ZIP.fail(`the directory of ${title} is not where its end record says`);
      }
      const zip = { bytes, view, title, directory, entries: new Map() };
      ZIP.parseDirectory(zip, count, end);
      return zip;
    },

    parseDirectory(zip, count, end) {
      const decoder = new TextDecoder("utf-8", { fatal: true });
      let position = zip.directory;
      for (let index = 0; index < count; index += 1) {
        const entry = ZIP.parseEntry(zip, position, end, decoder);
        if (zip.entries.has(entry.name)) {
          ZIP.fail(`${zip.title} has two entries "${entry.name}"`);
        }
        zip.entries.set(entry.name, entry);
        position = entry.next;
      }
      if (position !== end) {
        ZIP.fail(`the directory of ${zip.title} is longer than its ${count} entries`);
      }
    },

    parseEntry(zip, position, end, decoder) {
      const { view, title } = zip;
      const nameStart = position + ZIP.ENTRY_SIZE;
      if (nameStart > end || view.getUint32(position, true) !== 0x02014b50) {
        ZIP.fail(`the directory of ${title} has no entry at byte ${position}`);
      }
      const nameEnd = nameStart + view.getUint16(position + 28, true);
      const next =
        nameEnd + view.getUint16(position + 30, true) + view.getUint16(position + 32, true);
      if (next > end) {
        ZIP.fail(`an entry of ${title} reaches beyond the directory`);
      }
      const name = ZIP.decodeName(zip, nameStart, nameEnd, decoder);
      const size = view.getUint32(position + 24, true);
      const stored = view.getUint32(position + 20, true);
      if (view.getUint16(position + 10, true) !== ZIP.STORED || stored !== size) {
        ZIP.fail(`"${name}" of ${title} is compressed; store it`);
      }
      const header = view.getUint32(position + 42, true);
      if (header + ZIP.LOCAL_SIZE + size > zip.directory) {
        ZIP.fail(`"${name}" of ${title} reaches into the directory`);
      }
      return { name, size, header, next };
    },

    decodeName(zip, start, end, decoder) {
      let name = "";
      try {
        name = decoder.decode(zip.bytes.subarray(start, end));
      } catch {
        ZIP.fail(`a name in ${zip.title} is not UTF-8`);
      }
      const parts = name.replace(/\/$/, "").split("/");
      if (
        name.includes("\0") ||
        parts.some((part) => part === "" || part === "." || part === "..")
      ) {
        ZIP.fail(`${zip.title} has an entry with the name ${JSON.stringify(name)}`);
      }
      return name;
    },

    // The bytes of a file, as a view of the archive.
    read(zip, entry) {
      const { view, title } = zip;
      if (view.getUint32(entry.header, true) !== 0x04034b50) {
        ZIP.fail(`"${entry.name}" of ${title} has no header`);
      }
      const names =
        view.getUint16(entry.header + 26, true) + view.getUint16(entry.header + 28, true);
      const start = entry.header + ZIP.LOCAL_SIZE + names;
      if (start + entry.size > zip.directory) {
        ZIP.fail(`"${entry.name}" of ${title} reaches into the directory`);
      }
      return zip.bytes.subarray(start, start + entry.size);
    },
  },
});
