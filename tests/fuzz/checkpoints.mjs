// Checkpoints that were changed, at random or by someone who knows the format: each is read, or refused by one error with a
// code, takes no more memory than four times the file, and harms nothing. `node tests/fuzz/checkpoints.mjs 100000 [seed
// [begin]]` makes more of them than the test does.
import { readFileSync } from 'node:fs';
import { crc32 as sumOf } from 'node:zlib';
import * as mapling from '../../dist/npm/index.js';
import { isMain } from '../../scripts/run.mjs';
import { fromCommandLine, readMany, wrongWith } from './read_many.mjs';

const { callbacks, io, layers, schedules, sequential, tensor, train } = mapling;
const HEAD = 24;
const ROW = 16;

/** CRC-32 bit by bit: for engines without one, and so that the format's own is not trusted. */
function slowSum(bytes, before = 0) {
  let sum = ~before;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
const crc32 = (bytes, before = 0) => (sumOf ? sumOf(bytes, before) : slowSum(bytes, before));

/** The kinds and bytes of a file's sections. */
export function sectionsOf(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  return Array.from({ length: view.getUint32(12, true) }, (_, place) => {
    const [kind, begin, length] = [0, 4, 8].map((at) => view.getUint32(HEAD + ROW * place + at, true));
    return { kind, bytes: file.slice(begin, begin + length) };
  });
}

/** A file of these sections in which every sum is right. */
export function fileOf(sections) {
  let end = HEAD + ROW * sections.length;
  const begins = sections.map(({ bytes }) => {
    const begin = 8 * Math.ceil(end / 8);
    end = begin + bytes.length;
    return begin;
  });
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  file.set([0x89, 0x4d, 0x50, 0x4c, 0x0d, 0x0a, 0x1a, 0x0a]);
  for (const [at, number] of [1, sections.length, end].entries()) view.setUint32(8 + 4 * at, number, true);
  for (const [place, { kind, bytes }] of sections.entries()) {
    file.set(bytes, begins[place]);
    for (const [at, number] of [kind, begins[place], bytes.length, crc32(bytes)].entries())
      view.setUint32(HEAD + ROW * place + 4 * at, number, true);
  }
  view.setUint32(
    20,
    crc32(file.subarray(HEAD, HEAD + ROW * sections.length), crc32(file.subarray(0, 20))),
    true,
  );
  return file;
}

/** Two checkpoints of different models in the middle of a run, and how each goes on. */
export async function originals() {
  await mapling.init();
  const x = tensor(
    Float32Array.from({ length: 96 }, (_, i) => Math.sin(i)),
    [8, 4, 3],
  );
  const y = tensor(
    Float32Array.from({ length: 8 }, (_, i) => Math.cos(i)),
    [8, 1],
  );
  const rows = [
    [layers.lstm({ units: 3, stateful: true, batchInputShape: [4, 4, 3] }), layers.dense({ units: 1 })],
    [
      layers.conv1d({ filters: 2, kernelSize: 2, inputShape: [4, 3], name: 'Sieb' }),
      layers.batchNormalization(),
      layers.flatten(),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 1 }),
    ],
  ];
  const rates = [
    0.01,
    schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.5 }),
  ];
  const all = [];
  for (const [place, row] of rows.entries()) {
    const model = sequential({ seed: place, layers: row });
    const optimizer = train.adam({ learningRate: rates[place] });
    model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mae'] });
    const options = () => ({
      epochs: 4,
      batchSize: 4,
      callbacks: [callbacks.earlyStopping({ monitor: 'loss', restoreBestWeights: true, patience: 5 }), {}],
    });
    let file;
    const { callbacks: own, ...rest } = options();
    const onEpochEnd = async (epoch) => {
      if (epoch === 1) file = await io.toCheckpoint(model);
    };
    await model.fit(x, y, { ...rest, callbacks: [own[0], { onEpochEnd }] });
    all.push({ file, goOn: (again) => again.fit(x, y, { ...options(), resume: true }) });
  }
  return all;
}

/** Some other value in the place of one in JSON. */
function otherValue(r, value) {
  return r.pick([
    null,
    true,
    -1,
    0,
    1,
    2 ** 31,
    2 ** 53,
    1e308,
    '',
    'x'.repeat(r.below(600)),
    [],
    {},
    [value],
    { $: r.below(12) },
    { $: 'NaN' },
    { $: 'other' },
    { className: 'Adam', config: {} },
    typeof value === 'number' ? value + 1 : value,
    typeof value === 'number' ? value * 1e9 : value,
    typeof value === 'string' ? value.slice(0, r.below(value.length + 1)) : value,
    r.pick(['Dense', 'LSTM', 'Bidirectional', 'Sequential', 'Embedding', 'Conv2D', 'relu', 'glorot_uniform']),
  ]);
}

/** The JSON with one of its values, or keys, changed; or the architecture, which is a text in it. */
function otherJson(r, text, isInside = false) {
  const tree = JSON.parse(text);
  if (!isInside && typeof tree.json === 'string' && r.chance(0.5)) {
    tree.json = otherJson(r, tree.json, true);
    return JSON.stringify(tree);
  }
  const places = [];
  const visit = (node, depth) => {
    if (typeof node !== 'object' || node === null || depth > 12) return;
    for (const key of Object.keys(node)) {
      places.push([node, key]);
      visit(node[key], depth + 1);
    }
  };
  visit(tree, 0);
  for (let left = 1 + r.below(3); left > 0; left--) {
    const [node, key] = r.pick(places);
    if (r.chance(0.15)) delete node[key];
    else if (r.chance(0.1)) node[`${key}x`] = node[key];
    else node[key] = otherValue(r, node[key]);
  }
  return JSON.stringify(tree);
}

/** What someone who knows the format makes of a file: every sum is right. */
function forged(r, file, other) {
  const sections = sectionsOf(file);
  const place = r.below(sections.length);
  const section = sections[place];
  const ways = [
    // Another description.
    () => {
      const text = otherJson(r, new TextDecoder().decode(sections[0].bytes));
      sections[0] = { kind: 0, bytes: new TextEncoder().encode(text) };
    },
    // Text that is none, or nested without end, or has more in it than it is long.
    () => {
      const text = r.pick([
        '',
        '{',
        '['.repeat(1 + r.below(100_000)),
        '{"a":'.repeat(r.below(5000)),
        `[${'[],'.repeat(r.below(300_000))}0]`,
        '\u0000',
        'null',
        '[]',
        '7',
      ]);
      sections[0] = { kind: 0, bytes: new TextEncoder().encode(text) };
    },
    () => {
      section.bytes = section.bytes.slice(0, r.below(section.bytes.length + 1));
    },
    () => {
      const longer = new Uint8Array(section.bytes.length + 4 * r.below(64));
      longer.set(section.bytes);
      section.bytes = longer;
    },
    () => {
      section.kind = r.below(12);
    },
    () => {
      const to = r.below(sections.length);
      [sections[place], sections[to]] = [sections[to], sections[place]];
    },
    () => {
      sections.splice(place, r.below(2), { kind: r.below(10), bytes: section.bytes.slice() });
    },
    // The part of another model.
    () => {
      const foreign = sectionsOf(other);
      sections[place] = foreign[Math.min(place, foreign.length - 1)];
    },
    // Single bytes, in the weights' own head too.
    () => {
      for (let left = 1 + r.below(4); left > 0; left--)
        if (section.bytes.length > 0)
          section.bytes[r.below(Math.min(section.bytes.length, 600))] = r.below(256);
    },
  ];
  r.pick(ways)();
  return fileOf(sections);
}

/** What chance makes of a file. */
function damaged(r, file, other) {
  const copy = file.slice();
  const ways = [
    () => copy.slice(0, r.below(copy.length)),
    () => {
      copy[r.below(copy.length)] ^= 1 << r.below(8);
      return copy;
    },
    () => {
      for (let left = 1 + r.below(40); left > 0; left--) copy[r.below(copy.length)] = r.below(256);
      return copy;
    },
    () => {
      new DataView(copy.buffer).setUint32(
        4 * r.below(40),
        r.pick([0, 1, 2 ** 31, 2 ** 32 - 1, r.below(1e6)]),
        true,
      );
      return copy;
    },
    () => {
      const [from, to, length] = [r.below(copy.length), r.below(copy.length), r.below(512)];
      copy.set(copy.slice(from, from + Math.min(length, copy.length - to)), to);
      return copy;
    },
    () => {
      const joined = new Uint8Array(copy.length + r.below(64));
      joined.set(copy);
      return joined;
    },
    () => {
      copy.set(other.slice(0, Math.min(copy.length, r.below(other.length))));
      return copy;
    },
    () => Uint8Array.from({ length: r.below(200) }, () => r.below(256)),
  ];
  return r.pick(ways)();
}

/** Files that say that they hold more than they do, or whose parts unfold to more. */
export async function hungry() {
  const [{ file }] = await originals();
  const text = (change) => {
    const sections = sectionsOf(file);
    const tree = JSON.parse(new TextDecoder().decode(sections[0].bytes));
    change(tree);
    sections[0].bytes = new TextEncoder().encode(JSON.stringify(tree));
    return fileOf(sections);
  };
  const inside = (change) =>
    text((tree) => {
      const architecture = JSON.parse(tree.json);
      change(architecture.config.layers);
      tree.json = JSON.stringify(architecture);
    });
  const raw = (json) => fileOf([{ kind: 0, bytes: new TextEncoder().encode(json) }]);
  const files = {
    'a dense layer of a gigabyte': inside((all) => {
      all.at(-1).config.units = 2 ** 26;
    }),
    'recurrent weights of terabytes': inside((all) => {
      all.find(({ class_name: name }) => name === 'LSTM').config.units = 2 ** 20;
    }),
    'two hundred layers of 64 MB': inside((all) => {
      const last = all.at(-1);
      for (let i = 0; i < 200; i++)
        all.push({ ...last, config: { ...last.config, name: `more_${i}`, units: 4096 } });
    }),
    'eight million empty lists': raw(`[${'[],'.repeat(5_000_000)}0]`),
    'a text of sixteen megabytes': raw(JSON.stringify('x'.repeat(2 ** 24 - 2))),
    'lists without end': raw('['.repeat(8_000_000)),
    'a list of eight million numbers': raw(`[${'7,'.repeat(8_000_000)}0]`),
    'many keys': raw(`{${Array.from({ length: 500_000 }, (_, i) => `"k${i}":0`).join(',')}}`),
    'a table of four billion sections': (() => {
      const copy = new Uint8Array(8 * 2 ** 20);
      copy.set(file);
      new DataView(copy.buffer).setUint32(12, 2 ** 32 - 1, true);
      new DataView(copy.buffer).setUint32(16, copy.length, true);
      return copy;
    })(),
  };
  return files;
}

/**
 * Reads a file in this process, which nothing else is done in: the bytes by which the process, or the core's memory, has
 * grown at most, and with what the file was refused.
 */
async function growth(file) {
  await mapling.init();
  const bytes = readFileSync(file);
  const peak = () => process.resourceUsage().maxRSS * 1024;
  // What is compiled and loaded when the first file is read is no memory of a file's.
  await io.fromCheckpoint(new Uint8Array(64)).catch(() => {});
  const [before, core] = [peak(), mapling.memory().wasmBytes];
  let error;
  await io.fromCheckpoint(bytes).catch((failure) => {
    error = failure;
  });
  const { code, message } = error ?? {};
  return { bytes: peak() - before, core: mapling.memory().wasmBytes - core, code, message };
}

/** Disposes of a model with what its optimizer remembers, which would lie in the core's cache for a while otherwise. */
function letGo(model) {
  model.optimizer?.dispose();
  model.dispose();
}

/** Reads changed files; those that are read all the same train on. */
export async function mutated(count, seed, begin) {
  const all = await originals();
  const whole = async () => {
    for (const { file, goOn } of all) {
      const model = await io.fromCheckpoint(file);
      await goOn(model);
      letGo(model);
    }
  };
  await whole();
  const make = (chosen, call) => {
    const at = chosen.below(all.length);
    const [{ file, goOn }, { file: other }] = [all[at], all[1 - at]];
    const bytes = (chosen.chance(0.5) ? forged : damaged)(chosen, file, other);
    const after = async (model) => {
      let wrong = '';
      try {
        await goOn(model);
      } catch (failure) {
        wrong = wrongWith(failure, /^(fit|earlyStopping|layer|data|setWeights)/);
      }
      letGo(model);
      if (call % 50 === 0 && tensor([1, 2]).add(1).dataSync()[1] !== 3) wrong ||= 'the canary is dead';
      return wrong && `going on: ${wrong}`;
    };
    return { bytes, read: () => io.fromCheckpoint(bytes), after, where: /^fromCheckpoint: / };
  };
  const found = await readMany({ memory: mapling.memory, make, count, seed, begin });
  // Whoever reads whole ones is read as before.
  await whole();
  return found;
}

if (process.argv[2] === '--growth') {
  if (isMain(import.meta.url)) console.log(JSON.stringify(await growth(process.argv[3])));
} else {
  await fromCommandLine(import.meta.url, { checkpoints: mutated });
}
