/** Digits from files that a page hands over, their pictures made to fit as it says. */
import type { DigitData } from '../../data/digit-set.js';
import { files } from '../../data/files.js';
import { fitted, turned } from '../../data/fitted.js';
import { refused } from '../../data/refusal.js';
import type { DigitsInfo, DigitsSource } from '../protocol.js';

/** The side of a drawing. */
const SIDE = 28;

async function bytesOf(file: File): Promise<{ name: string; bytes: Uint8Array }> {
  const { name } = file;
  try {
    return { name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    const why = `${name}: the browser cannot read it: it was moved or changed meanwhile, or is a folder`;
    throw refused(why, { why: 'unreadable', file: name });
  }
}

/** The data of IDX files, or of others. */
async function dataIn(given: File[], paths: string[]): Promise<DigitData> {
  const { fromOthers, kindOf } = await import('./other-files.js');
  const kind = await kindOf(given, paths).catch(() => undefined);
  return kind ? fromOthers(kind, given, paths) : files(await Promise.all(given.map(bytesOf)));
}

/** The data, and what was done to their pictures. */
export async function givenFiles({
  files: given,
  paths,
  turn,
  fit,
}: DigitsSource & { kind: 'files' }): Promise<{
  data: DigitData;
  made: Pick<DigitsInfo, 'turned' | 'fittedFrom'>;
}> {
  const data = await dataIn(given, paths ?? given.map(({ name }) => name));
  const lie = turn === 'by name' ? given.some(({ name }) => /emnist/i.test(name)) : turn === true;
  const upright = lie ? turned(data) : data;
  const [, height = 0, width = 0] = upright.train.images.shape;
  const isOther = fit === true && (height !== SIDE || width !== SIDE);
  return {
    data: isOther ? fitted(upright) : upright,
    made: {
      ...(lie ? { turned: true } : {}),
      ...(isOther ? { fittedFrom: [height, width] as [number, number] } : {}),
    },
  };
}
