// Reads wasm modules as far as the build needs it, and writes parts of them
// (https://webassembly.github.io/spec/core/binary/modules.html).

/** The numbers of the sections. */
export const sections = {
  custom: 0,
  types: 1,
  imports: 2,
  functions: 3,
  tables: 4,
  memories: 5,
  globals: 6,
  exports: 7,
  start: 8,
  elements: 9,
  code: 10,
  data: 11,
};

/** What is imported and exported, by its number. */
export const kinds = { function: 0, table: 1, memory: 2, global: 3 };

/** Names of functions are the first part of the section of names. */
const FUNCTION_NAMES = 1;

/** Reads numbers as wasm writes them (LEB128). */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  /** A number that may be negative. */
  signed() {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return byte & 64 ? value - scale : value;
    }
  }

  /** Goes past `length` bytes, which it gives. */
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return this.take(this.number()).toString();
  }

  /** A list whose items `read` reads. */
  list(read) {
    return Array.from({ length: this.number() }, read);
  }

  /** How many of something there are at least and at most; whether threads share it. */
  limits() {
    const flags = this.byte();
    const least = this.number();
    return { flags, least, most: flags & 1 ? this.number() : undefined };
  }

  /** A table: what its elements are, and how many. */
  table() {
    return { type: this.byte(), limits: this.limits() };
  }

  /** Goes past a constant expression, of the kind with which globals begin. */
  constant() {
    const start = this.at;
    for (let operator = this.byte(); operator !== 0x0b; operator = this.byte()) {
      // i32.const, i64.const, global.get, ref.null, ref.func: a number each; f32.const and f64.const: their bytes.
      if ([0x41, 0x42, 0x23, 0xd0, 0xd2].includes(operator)) this.number();
      else if (operator === 0x43) this.take(4);
      else if (operator === 0x44) this.take(8);
      else throw new Error(`a constant with the operator ${operator}`);
    }
    return this.bytes.subarray(start, this.at);
  }
}

/** A number that is not negative. */
export function number(value) {
  const bytes = [];
  do {
    bytes.push((value % 128) + (value >= 128 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return Buffer.from(bytes);
}

/** A number that may be negative, as `i32.const` takes it; here it never is. */
export function signed(value) {
  const bytes = number(value);
  // The sixth bit of the last byte is the sign.
  if (bytes.at(-1) < 64) return bytes;
  return Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) | 128, 0])]);
}

export const withLength = (bytes) => Buffer.concat([number(bytes.length), bytes]);
export const text = (value) => withLength(Buffer.from(value));
export const list = (items) => Buffer.concat([number(items.length), ...items]);
export const section = (id, content) => Buffer.concat([Buffer.from([id]), withLength(content)]);

export function limits({ flags, least, most }) {
  return Buffer.concat([Buffer.from([flags]), number(least), ...(most === undefined ? [] : [number(most)])]);
}

/** The sections of a module, in their order. */
export function sectionsOf(module) {
  const reader = new Reader(module, 8);
  const found = [];
  while (reader.at < module.length) {
    const start = reader.at;
    const id = reader.byte();
    const content = reader.take(reader.number());
    found.push({ id, content, whole: module.subarray(start, reader.at) });
  }
  return found;
}

export const contentOf = (all, id) => all.find((section) => section.id === id)?.content;

/** A module of these sections. */
export const moduleOf = (all) => Buffer.concat([Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), ...all]);

/** Whether a section holds the names of functions. */
export const holdsNames = ({ id, content }) =>
  id === sections.custom && new Reader(content).text() === 'name';

/** What a module imports: from where, its kind, and what is said of it, as bytes too. */
export function importsOf(content) {
  const reader = new Reader(content);
  return reader.list(() => {
    const start = reader.at;
    const [from, name] = [reader.text(), reader.text()];
    const kind = reader.byte();
    const described = reader.at;
    let limits;
    if (kind === kinds.function) reader.number();
    else if (kind === kinds.table) limits = reader.table().limits;
    else if (kind === kinds.memory) limits = reader.limits();
    else if (kind === kinds.global) reader.take(2);
    else throw new Error(`an import of kind ${kind}`);
    const { bytes, at } = reader;
    return {
      from,
      name,
      kind,
      limits,
      description: bytes.subarray(described, at),
      whole: bytes.subarray(start, at),
    };
  });
}

/** The bodies of the functions that the module does not import. */
export function bodiesOf(content) {
  const reader = new Reader(content);
  return reader.list(() => reader.take(reader.number()));
}

/** The names of functions, by their number. */
export function namesOf(all) {
  const found = new Map();
  const named = all.find(holdsNames);
  if (!named) return found;
  const reader = new Reader(named.content);
  reader.text();
  while (reader.at < named.content.length) {
    const part = reader.byte();
    const content = new Reader(reader.take(reader.number()));
    if (part === FUNCTION_NAMES) content.list(() => found.set(content.number(), content.text()));
  }
  return found;
}

/** A section that gives functions names: pairs of number and name. */
export function nameSection(names) {
  const entries = [...names]
    .sort(([a], [b]) => a - b)
    .map(([index, name]) => Buffer.concat([number(index), text(name)]));
  return section(
    sections.custom,
    Buffer.concat([text('name'), Buffer.from([FUNCTION_NAMES]), withLength(list(entries))]),
  );
}
