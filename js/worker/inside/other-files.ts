/** Digits from files that are not IDX: tables and pictures. Loaded when a visitor brings some. */
import type { DigitData } from '../../data/digit-set.js';
import { Draws } from '../../data/draws.js';
import { fromRows, isTest, type Rows } from '../../data/from-files.js';
import { refused } from '../../data/refusal.js';
import { looksLike } from '../../data/sniff.js';
import { rowsOf } from './csv-digits.js';
import { picturesOf } from './picture-digits.js';

interface Given {
  file: File;
  path: string;
}

const isTable = ({ file }: Given): boolean => /\.(csv|tsv)$/i.test(file.name);

/** Whether the files are such, as their names and their first bytes say. */
export async function kindOf(
  files: readonly File[],
  paths: readonly string[],
): Promise<'table' | 'pictures' | undefined> {
  const given = files.map((file, at) => ({ file, path: paths[at]! }));
  if (given.some(isTable)) return 'table';
  // A picture by itself has no label: what it looks like is told as of other files.
  return (await picturesAmong(given)).some(({ path }) => path.includes('/')) ? 'pictures' : undefined;
}

async function picturesAmong(given: readonly Given[]): Promise<Given[]> {
  const looks = await Promise.all(
    given.map(async ({ file }) => looksLike(new Uint8Array(await file.slice(0, 64).arrayBuffer()))),
  );
  return given.filter((_, at) => looks[at] === 'picture');
}

/** The same rows in an order by chance: those of a folder stand label by label, and some are held back to test on. */
function mixed({ bytes, labels, height, width }: Rows): Rows {
  const [draws, size] = [new Draws(1), height * width];
  const order = Array.from(labels.keys());
  for (let at = order.length - 1; at > 0; at--) {
    const other = draws.below(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  const into = new Uint8Array(bytes.length);
  order.forEach((from, at) => {
    into.set(bytes.subarray(from * size, (from + 1) * size), at * size);
  });
  return { bytes: into, labels: labels.map((_, at) => labels[order[at]!]!), height, width };
}

/** All rows of several files. */
function joined(all: readonly Rows[], file: string): Rows {
  const [{ height, width }] = all as [Rows];
  const odd = all.find((rows) => rows.height !== height);
  if (odd)
    throw refused(`${file}: pictures are of several sizes`, {
      why: 'sizes',
      train: [height, width],
      test: [odd.height, odd.width],
    });
  const bytes = new Uint8Array(all.reduce((sum, rows) => sum + rows.bytes.length, 0));
  let place = 0;
  for (const rows of all) {
    bytes.set(rows.bytes, place);
    place += rows.bytes.length;
  }
  return { bytes, labels: Uint8Array.from(all.flatMap((rows) => [...rows.labels])), height, width };
}

/** The data in tables or pictures; those whose path says so are there to test on. */
export async function fromOthers(
  kind: 'table' | 'pictures',
  files: readonly File[],
  paths: readonly string[],
): Promise<DigitData> {
  const given = files.map((file, at) => ({ file, path: paths[at]! }));
  const some = kind === 'table' ? given.filter(isTable) : await picturesAmong(given);
  const sets = [false, true].map((test) => some.filter(({ path }) => isTest(path) === test));
  const [train, test] = await Promise.all(
    sets.map(async (part): Promise<Rows | undefined> => {
      if (part.length === 0) return undefined;
      if (kind === 'pictures')
        return picturesOf(
          part.map(({ file }) => file),
          part.map(({ path }) => path),
        );
      const tables: Rows[] = [];
      for (const { file } of part) tables.push(await rowsOf(file.name, await file.text()));
      return joined(tables, part[0]!.path);
    }),
  );
  return fromRows(train && mixed(train), test && mixed(test));
}
