/**
 * Gives a font another name. The licence of IBM Plex (OFL 1.1, condition 3) reserves the name Plex for the font as IBM
 * made it: one of which characters and weights were left out must not bear it. Copyright and licence stay in it.
 */

/** The numbers of an OpenType file are big-endian. Its header and each line of its directory take so many bytes. */
const [HEADER, LINE] = [12, 16];

interface Table {
  tag: string;
  bytes: Buffer;
}

/** The tables of an OpenType file, in the order of its directory. */
const tablesOf = (font: Buffer): Table[] =>
  Array.from({ length: font.readUInt16BE(4) }, (_, at) => {
    const line = HEADER + LINE * at;
    const offset = font.readUInt32BE(line + 8);
    return {
      tag: font.toString('latin1', line, line + 4),
      bytes: Buffer.from(font.subarray(offset, offset + font.readUInt32BE(line + 12))),
    };
  });

/** Every table begins at a multiple of four bytes. */
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

/** An OpenType file of these tables; `head` holds a sum over the whole. */
function fontOf(start: Buffer, tables: Table[]): Buffer {
  const directory = Buffer.alloc(HEADER + LINE * tables.length);
  start.copy(directory, 0, 0, HEADER);
  const bodies: Buffer[] = [];
  let offset = directory.length;
  let head = 0;
  for (const [at, { tag, bytes }] of tables.entries()) {
    if (tag === 'head') {
      head = offset;
      bytes.writeUInt32BE(0, 8);
    }
    const body = padded(bytes);
    const line = HEADER + LINE * at;
    directory.write(tag, line, 'latin1');
    directory.writeUInt32BE(checksum(body), line + 4);
    directory.writeUInt32BE(offset, line + 8);
    directory.writeUInt32BE(bytes.length, line + 12);
    bodies.push(body);
    offset += body.length;
  }
  const font = Buffer.concat([directory, ...bodies]);
  font.writeUInt32BE((0xb1b0afba - checksum(font)) >>> 0, head + 8);
  return font;
}

/** A `name` table whose texts, UTF-16 throughout as on Windows, are what `rename` makes of them. */
function renamed(table: Buffer, rename: (text: string) => string): Buffer {
  const count = table.readUInt16BE(2);
  const texts = table.readUInt16BE(4);
  const head = Buffer.from(table.subarray(0, 6 + 12 * count));
  head.writeUInt16BE(head.length, 4);
  const bodies: Buffer[] = [];
  let offset = 0;
  for (let at = 6; at < head.length; at += 12) {
    if (head.readUInt16BE(at) !== 3) throw new Error('a font has names that are not UTF-16');
    const begin = texts + head.readUInt16BE(at + 10);
    const old = Buffer.from(table.subarray(begin, begin + head.readUInt16BE(at + 8)));
    const body = Buffer.from(rename(old.swap16().toString('utf16le')), 'utf16le').swap16();
    head.writeUInt16BE(body.length, at + 8);
    head.writeUInt16BE(offset, at + 10);
    bodies.push(body);
    offset += body.length;
  }
  return Buffer.concat([head, ...bodies]);
}

/** An OpenType font in whose names `from`, with or without its spaces, is `to`. */
export function renameFont(font: Buffer, from: string, to: string): Buffer {
  const tight = (name: string) => name.replaceAll(' ', '');
  const tables = tablesOf(font).map(({ tag, bytes }) => ({
    tag,
    bytes:
      tag === 'name'
        ? renamed(bytes, (text) => text.replaceAll(from, to).replaceAll(tight(from), tight(to)))
        : bytes,
  }));
  return fontOf(font, tables);
}
