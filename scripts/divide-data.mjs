// Divides what functions read and never write (texts of errors, names, tables: `.rodata`) between the two parts of a
// module: what only functions of the rest refer to comes with the rest. In the first part it is zeros, which take no bytes
// on the line.
//
// Where one thing ends and the next begins only the linker knows, and which of them an address stands for that lies before
// or behind it (a loop may begin one step before its table). It writes both beside the module (`--emit-relocs`;
// https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md). What a function refers to stands in its code, and
// what a thing refers to in its bytes, each time as an address.
import {
  bodiesOf,
  contentOf,
  list,
  moduleOf,
  Reader,
  section,
  sections,
  sectionsOf,
  signed,
  withLength,
} from './wasm-module.mjs';

const op = { i32Const: 0x41, end: 0x0b };
/** The greatest alignment that an access to memory names, as a power of two. */
const WIDEST = 4;
const WORD = 4;
/** An address that stands for a thing before or behind it is no further away. */
const WIDEST_STEP = 4096;

/** Of the section `linking`: its parts, kinds of symbols, and flags. */
const SEGMENTS = 5;
const SYMBOLS = 8;
const THING = 1;
const SECTION = 3;
const ELSEWHERE = 0x10;
const NAMED = 0x40;
/** Of the sections `reloc`: an address as an offset, or as a constant; and those after which a number is added. */
const OFFSET = 3;
const ADDRESSES = [OFFSET, 4];
const WITH_ADDEND = [3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23];

/** Kinds of segments: active ones lie at an address from the start, passive ones are put there by instructions. */
const ACTIVE = 0;
const PASSIVE = 1;

const constantAt = (bytes, at) => new Reader(bytes, at).signed();
const offsetAt = (bytes, at) => new Reader(bytes, at).number();

/**
 * All addresses that may stand in a function's code: what follows an `i32.const`, or the alignment of an access to memory.
 * Other numbers that look alike only keep a thing in the first part.
 */
function* addressesIn(body) {
  for (let at = 1; at < body.length; at++) {
    if (body[at - 1] === op.i32Const) yield constantAt(body, at);
    if (body[at - 1] <= WIDEST) yield offsetAt(body, at);
  }
}

/** What the linker writes as sections of their own: the names of things, and where their addresses stand. */
const isLinkers = ({ id, content }) =>
  id === sections.custom && /^(linking|reloc\..*)$/.test(new Reader(content).text());

/** A module without what the linker wrote beside it, as tools take it that come later. */
export const withoutLinks = (module) =>
  moduleOf(sectionsOf(module).flatMap((part) => (isLinkers(part) ? [] : [part.whole])));

function customOf(all, name) {
  const found = all.find(({ id, content }) => id === sections.custom && new Reader(content).text() === name);
  if (!found) throw new Error(`divide: the linker wrote no ${name}`);
  const reader = new Reader(found.content);
  reader.text();
  return reader;
}

/** The symbols: of things in memory their segment, place in it, and size. And the names of segments. */
function linkingOf(all) {
  const reader = customOf(all, 'linking');
  reader.number();
  let [symbols, names] = [[], []];
  while (reader.at < reader.bytes.length) {
    const kind = reader.byte();
    const own = new Reader(reader.take(reader.number()));
    if (kind === SEGMENTS)
      names = own.list(() => {
        const name = own.text();
        own.number();
        own.number();
        return name;
      });
    if (kind === SYMBOLS) symbols = own.list(() => symbolOf(own));
  }
  return { symbols, names };
}

function symbolOf(own) {
  const [kind, flags] = [own.byte(), own.number()];
  const isElsewhere = (flags & ELSEWHERE) !== 0;
  if (kind === THING) {
    own.text();
    return isElsewhere ? undefined : { segment: own.number(), offset: own.number(), size: own.number() };
  }
  own.number();
  if (kind !== SECTION && (!isElsewhere || flags & NAMED)) own.text();
  return undefined;
}

/** Each place in the code where the address of a thing stands: the place, the thing, and how far from its beginning. */
function referencesOf(all) {
  const reader = customOf(all, 'reloc.CODE');
  reader.number();
  return reader
    .list(() => {
      const kind = reader.byte();
      const [at, symbol] = [reader.number(), reader.number()];
      const added = WITH_ADDEND.includes(kind) ? reader.signed() : 0;
      return { kind, at, symbol, added };
    })
    .filter(({ kind }) => ADDRESSES.includes(kind));
}

/**
 * From the module as the linker wrote it: where `.rodata` lies and its bytes, every thing in it, and the things for which
 * addresses outside of them stand.
 */
function rodataOf(linked) {
  const all = sectionsOf(linked);
  const { symbols, names } = linkingOf(all);
  const segment = names.indexOf('.rodata');
  const bytes = segmentsOf(contentOf(all, sections.data))[segment]?.bytes;
  const code = contentOf(all, sections.code);
  const references = referencesOf(all)
    .map((reference) => ({ ...reference, thing: symbols[reference.symbol] }))
    .filter(({ thing }) => thing?.segment === segment)
    .map(({ at, thing, added, kind }) => ({
      address: kind === OFFSET ? offsetAt(code, at) : constantAt(code, at),
      thing,
      added,
    }));
  const starts = new Set(references.map(({ address, thing, added }) => address - thing.offset - added));
  if (!bytes || starts.size !== 1) throw new Error('divide: the linker does not tell where .rodata lies');
  const [from] = starts;
  const byPlace = new Map();
  for (const symbol of symbols)
    if (symbol?.segment === segment && symbol.size > 0)
      byPlace.set(`${symbol.offset} ${symbol.size}`, symbol);
  for (const one of byPlace.values())
    Object.assign(one, { from: from + one.offset, to: from + one.offset + one.size });
  const outside = references
    .filter(({ thing, added }) => added < 0 || added >= thing.size)
    .map(({ address, thing }) => [address, byPlace.get(`${thing.offset} ${thing.size}`)])
    .filter(([, thing]) => thing);
  return { things: [...byPlace.values()], from, bytes, outside };
}

/** The things to which these addresses lead, and those to which they lead in turn. */
function reached({ things, from, bytes, outside }, addresses) {
  const to = from + bytes.length;
  const found = new Set();
  const waiting = [...addresses];
  const take = (thing) => {
    if (found.has(thing)) return;
    found.add(thing);
    for (let at = Math.ceil(thing.from / WORD) * WORD; at + WORD <= thing.to; at += WORD)
      waiting.push(bytes.readUInt32LE(at - from));
  };
  while (waiting.length > 0) {
    const address = waiting.pop();
    if (address < from - WIDEST_STEP || address > to + WIDEST_STEP) continue;
    for (const [other, thing] of outside) if (other === address) take(thing);
    for (const thing of things) if (address >= thing.from && address < thing.to) take(thing);
  }
  return found;
}

/** The segments of data: the address of active ones, and their bytes. */
function segmentsOf(content) {
  const reader = new Reader(content);
  return reader.list(() => {
    const kind = reader.byte();
    if (kind !== ACTIVE && kind !== PASSIVE) throw new Error(`divide: a segment of kind ${kind}`);
    const place = kind === ACTIVE ? reader.constant() : undefined;
    return {
      place,
      address: place && constantAt(place, 1),
      bytes: Buffer.from(reader.take(reader.number())),
    };
  });
}

const segment = ({ place, bytes }) =>
  Buffer.concat([Buffer.from([place ? ACTIVE : PASSIVE]), ...(place ? [place] : []), withLength(bytes)]);
const placeOf = (address) =>
  Buffer.concat([Buffer.from([op.i32Const]), signed(address), Buffer.from([op.end])]);

/**
 * Of a module's sections and those functions that the first part has: the sections of data of both parts. `linked` is the
 * module as the linker wrote it.
 */
export function divideData(all, isFirst, linked) {
  const rodata = rodataOf(linked);
  const bodies = bodiesOf(contentOf(all, sections.code)).filter((_, index) => isFirst[index]);
  const kept = reached(
    rodata,
    bodies.flatMap((body) => [...addressesIn(body)]),
  );
  const segments = segmentsOf(contentOf(all, sections.data));
  // Where threads share the memory, `.rodata` is one passive segment.
  const whole = segments.filter(({ place, bytes }) => !place && bytes.equals(rodata.bytes));
  for (const one of whole) one.address = rodata.from;
  if (segments.some(({ place }) => !place) && whole.length !== 1)
    throw new Error('divide: there is no segment of what is only read');

  // Things may share bytes.
  const isKept = new Uint8Array(rodata.bytes.length).fill(1);
  for (const thing of rodata.things)
    if (!kept.has(thing)) isKept.fill(0, thing.offset, thing.offset + thing.size);
  for (const thing of kept) isKept.fill(1, thing.offset, thing.offset + thing.size);
  const rest = [];
  for (let from = isKept.indexOf(0); from >= 0; ) {
    const to = isKept.indexOf(1, from) < 0 ? isKept.length : isKept.indexOf(1, from);
    rest.push({ place: placeOf(rodata.from + from), bytes: rodata.bytes.subarray(from, to) });
    for (const { address, bytes } of segments) {
      if (address === undefined) continue;
      const at = rodata.from - address;
      bytes.fill(0, Math.max(at + from, 0), Math.max(Math.min(at + to, bytes.length), 0));
    }
    from = isKept.indexOf(0, to);
  }
  return [segments, rest].map((own) => section(sections.data, list(own.map(segment))));
}
