// Packs files again as whoever tampers would: stored, with sums that fit.

import { createHash } from "node:crypto";

import { concat, utf8 } from "../../../src/console/assets/bytes.js";

/** A zip of files (name to bytes), its SHA256SUMS made anew. */
export async function repack(files) {
  const sums = [...files].filter(([name]) => name !== "SHA256SUMS").map(([name, content]) => {
    return `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
  });
  const all = [...files].filter(([name]) => name !== "SHA256SUMS");
  all.push(["SHA256SUMS", utf8(sums.join(""))]);
  const [locals, centrals] = [[], []];
  let at = 0;
  for (const [name, content] of all) {
    const fields = (signature, more) => {
      const head = Buffer.alloc(more === undefined ? 30 : 46);
      head.writeUInt32LE(signature, 0);
      const from = more === undefined ? 14 : 16;
      head.writeUInt32LE(checksum(content), from);
      head.writeUInt32LE(content.length, from + 4);
      head.writeUInt32LE(content.length, from + 8);
      head.writeUInt16LE(utf8(name).length, from + 12);
      if (more !== undefined) head.writeUInt32LE(more, 42);
      return new Uint8Array(head);
    };
    centrals.push(fields(0x02014b50, at), utf8(name));
    const local = concat(fields(0x04034b50), utf8(name), content);
    locals.push(local);
    at += local.length;
  }
  const directory = concat(...centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(all.length, 8);
  end.writeUInt16LE(all.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return concat(...locals, directory, new Uint8Array(end));
}

/** CRC-32, bit by bit. */
function checksum(content) {
  let crc = 0xffffffff;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
