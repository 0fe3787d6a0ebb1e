// Divides a module into what training begins with and the rest, which comes when the page is at work already, so that a
// visitor waits for less. Binaryen's wasm-split does the like, and is part of no npm package.
//
// Functions have the same numbers in both parts, so that no body need be changed: where a function lies in the other part,
// a few instructions call it by its place in the table. Whoever calls a function of the rest before the rest is there
// brings it (`addRest`, at the end of this file).
import { readFileSync } from 'node:fs';
import { divideData } from './divide-data.mjs';
import {
  bodiesOf,
  contentOf,
  holdsNames,
  importsOf,
  kinds,
  limits,
  list,
  moduleOf,
  namesOf,
  number,
  Reader,
  section,
  sections,
  sectionsOf,
  signed,
  text,
  withLength,
} from './wasm-module.mjs';

/** Under which name the rest imports from the first part. */
const FIRST = 'first';
/** What the module imports from its JavaScript to bring the rest (src/wasm/divided.rs). */
const BRING = /^__wbg_addRest_/;

const op = {
  if: 0x04,
  end: 0x0b,
  call: 0x10,
  callIndirect: 0x11,
  localGet: 0x20,
  tableGet: 0x25,
  i32Const: 0x41,
  isNull: 0xd1,
};
const NO_RESULT = 0x40;
const FUNCTIONS = 0x70;

/** How many parameters each type of functions has. */
function parametersOf(content) {
  const reader = new Reader(content);
  return reader.list(() => {
    if (reader.byte() !== 0x60) throw new Error('a type that is no function');
    const count = reader.number();
    reader.take(count);
    reader.take(reader.number());
    return count;
  });
}

/** All tables, memories and globals, those that are imported first, as imports describe them. */
function shared(all) {
  const found = { [kinds.table]: [], [kinds.memory]: [], [kinds.global]: [] };
  for (const { kind, description } of importsOf(contentOf(all, sections.imports)))
    if (kind !== kinds.function) found[kind].push(description);
  const read = (id, kind, readOne) => {
    const content = contentOf(all, id);
    if (!content) return;
    const reader = new Reader(content);
    reader.list(() => {
      const start = reader.at;
      const end = readOne(reader) ?? reader.at;
      found[kind].push(content.subarray(start, end));
    });
  };
  read(sections.tables, kinds.table, (reader) => void reader.table());
  read(sections.memories, kinds.memory, (reader) => void reader.limits());
  read(sections.globals, kinds.global, (reader) => {
    reader.take(2);
    const end = reader.at;
    reader.constant();
    return end;
  });
  return found;
}

/** The names under which the first part gives the rest what both use. */
const namesOfShared = { [kinds.table]: 't', [kinds.memory]: 'm', [kinds.global]: 'g' };
const everyShared = (found, each) =>
  Object.entries(found).flatMap(([kind, items]) =>
    items.map((description, index) =>
      each(Number(kind), `${namesOfShared[kind]}${index}`, index, description),
    ),
  );

/** An active segment of elements: these functions from that place on of table 0. */
const elements = (place, functions) =>
  Buffer.concat([
    Buffer.from([0, op.i32Const]),
    signed(place),
    Buffer.from([op.end]),
    list(functions.map(number)),
  ]);

/** The section of this number with more items at its end. */
function longer(content, more) {
  const reader = new Reader(content);
  const count = reader.number();
  return Buffer.concat([number(count + more.length), content.subarray(reader.at), ...more]);
}

/** The section of tables, the first of which has `more` places more. */
function withPlaces(content, more) {
  const reader = new Reader(content);
  const tables = reader.list(() => reader.table());
  const grown = tables.map(({ type, limits: { flags, least, most } }, index) => {
    const added = index === 0 ? more : 0;
    return Buffer.concat([
      Buffer.from([type]),
      limits({ flags, least: least + added, most: most === undefined ? undefined : most + added }),
    ]);
  });
  return { places: tables[0].limits.least, type: tables[0].type, first: grown[0], content: list(grown) };
}

/** How functions are called that lie in the other part: `bring` is the function that fetches that part. */
function callOf(place, type, parameters, bring) {
  const at = Buffer.concat([Buffer.from([op.i32Const]), signed(place)]);
  const check =
    bring === undefined
      ? []
      : [
          at,
          Buffer.from([op.tableGet, 0, op.isNull, op.if, NO_RESULT, op.call]),
          number(bring),
          Buffer.from([op.end]),
        ];
  const given = Array.from({ length: parameters }, (_, index) =>
    Buffer.concat([Buffer.from([op.localGet]), number(index)]),
  );
  // No locals.
  return Buffer.concat([
    Buffer.from([0]),
    ...check,
    ...given,
    at,
    Buffer.from([op.callIndirect]),
    number(type),
    Buffer.from([0, op.end]),
  ]);
}

/**
 * Divides the module in `file`, whose functions have names: the first part has those for which `isFirst(name)`, and what
 * runs when the module starts. The rest has the others, and a copy of those for which `isInBoth(name)`: calls from one part
 * into the other take longer. `linked` is the module as the linker wrote it.
 */
export function divide(file, isFirst, isInBoth, linked) {
  const all = sectionsOf(readFileSync(file));
  const content = (id) => contentOf(all, id);
  const imports = importsOf(content(sections.imports));
  const imported = imports.filter(({ kind }) => kind === kinds.function);
  const bring = imported.findIndex(({ name }) => BRING.test(name));
  if (bring < 0) throw new Error('divide: the module imports nothing that brings its rest');
  const names = namesOf(all);
  const nameOf = (index) => names.get(imported.length + index) ?? '';
  const parameters = parametersOf(content(sections.types));
  const types = new Reader(content(sections.functions));
  const typeOf = types.list(() => types.number());
  const bodies = bodiesOf(content(sections.code));
  const start = content(sections.start) && new Reader(content(sections.start)).number();

  const numbers = bodies.map((_, index) => imported.length + index);
  const inFirst = numbers.map((at, index) => at === start || isFirst(nameOf(index)));
  const count = bodies.length;
  const tables = withPlaces(content(sections.tables), count);
  if (tables.type !== FUNCTIONS) throw new Error('divide: table 0 holds no functions');
  // Functions of the first part come first in the table, so that a segment fills each part's places.
  const [firsts, others] = [true, false].map((which) =>
    numbers.filter((_, index) => inFirst[index] === which),
  );
  const placeOf = new Map([...firsts, ...others].map((at, index) => [at, tables.places + index]));
  const restAt = tables.places + firsts.length;

  const codeOf = (isFirstPart) =>
    section(
      sections.code,
      list(
        bodies.map((body, index) => {
          const isHere = isFirstPart ? inFirst[index] : !inFirst[index] || isInBoth(nameOf(index));
          if (isHere) return withLength(body);
          const type = typeOf[index];
          return withLength(
            callOf(placeOf.get(numbers[index]), type, parameters[type], isFirstPart ? bring : undefined),
          );
        }),
      ),
    );

  const [firstData, restData] = divideData(all, inFirst, linked);
  const found = shared(all);
  const given = everyShared(found, (kind, name, index) =>
    Buffer.concat([text(name), Buffer.from([kind]), number(index)]),
  );
  const first = all
    .filter((part) => !holdsNames(part))
    .map(({ id, whole, content }) => {
      if (id === sections.tables) return section(id, tables.content);
      if (id === sections.exports) return section(id, longer(content, given));
      if (id === sections.elements) return section(id, longer(content, [elements(tables.places, firsts)]));
      if (id === sections.code) return codeOf(true);
      if (id === sections.data) return firstData;
      return whole;
    });

  const taken = everyShared(found, (kind, name, index, description) => {
    const isGrown = kind === kinds.table && index === 0;
    return Buffer.concat([
      text(FIRST),
      text(name),
      Buffer.from([kind]),
      isGrown ? tables.first : description,
    ]);
  });
  const rest = [
    section(sections.types, content(sections.types)),
    section(sections.imports, list([...imported.map(({ whole }) => whole), ...taken])),
    section(sections.functions, content(sections.functions)),
    section(sections.elements, list([elements(restAt, others)])),
    codeOf(false),
    restData,
  ];
  return { first: moduleOf(first), rest: moduleOf(rest) };
}
