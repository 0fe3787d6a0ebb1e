/**
 * Makes the page's fonts from IBM Plex Sans: of each `@font-face` the characters of its `unicode-range` and the weights of
 * its `font-weight`, which are a third of what the font's package has.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { renameFont } from './rename.ts';

const require = createRequire(import.meta.url);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What the page shows: pairs of letters that stand closer or become one, and marks above letters. Figures have one width. */
const FEATURES = ['kern', 'liga', 'ccmp', 'mark'];
/** The licence and its address, beside the names and the copyright that are always kept. */
const LICENCE = [13, 14];

/** The name of the font that the page begins with, and of the one with what is seldom shown. */
export const FIRST_FONT = 'mapling-sans';
const OTHER_FONT = 'seldom-mapling-sans';

/** The characters of a `unicode-range`. */
export const charactersOf = (range: string): string =>
  [...range.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/gi)]
    .flatMap(([, from, to = from]) => {
      const first = Number.parseInt(from!, 16);
      return Array.from({ length: Number.parseInt(to!, 16) - first + 1 }, (_, at) => first + at);
    })
    .map((code) => String.fromCodePoint(code))
    .join('');

/** A font of these characters, from lightest to boldest, as WOFF2. */
async function subset(source: string, text: string, [min, max]: [number, number]): Promise<Buffer> {
  const { default: subsetFont } = await import('subset-font');
  const small = await subsetFont(readFileSync(source), text, {
    targetFormat: 'sfnt',
    variationAxes: { wght: { min, max } },
    keepFeatures: FEATURES,
    preserveNameIds: LICENCE,
  });
  const { default: fontverter } = await import('fontverter');
  return fontverter.convert(renameFont(small, 'IBM Plex Sans', 'Mapling Sans'), 'woff2', 'sfnt');
}

/** Makes a font, unless it was made before from the same; the file. */
async function made(
  folder: string,
  source: string,
  range: string,
  weights: [number, number],
): Promise<string> {
  const sum = createHash('sha256').update(JSON.stringify([range, weights]));
  for (const file of [
    source,
    here('build.ts'),
    here('rename.ts'),
    require.resolve('subset-font/package.json'),
  ])
    sum.update(readFileSync(file));
  const own = join(folder, 'fonts', sum.digest('hex').slice(0, 16));
  const text = charactersOf(range);
  const file = join(own, `${text.includes('a') ? FIRST_FONT : OTHER_FONT}.woff2`);
  if (!existsSync(file)) {
    mkdirSync(own, { recursive: true });
    // Written beside its place and moved there: another build finds the whole or nothing.
    const beside = `${file}.${process.pid}`;
    writeFileSync(beside, await subset(source, text, weights));
    renameSync(beside, file);
  }
  return file;
}

/** Puts the smaller fonts into the places of the whole one that the styles name. */
export const fonts = (): Plugin => {
  let folder = '';
  return {
    name: 'fonts',
    enforce: 'pre',
    configResolved: ({ cacheDir }) => {
      folder = cacheDir;
    },
    async transform(code, id) {
      if (!id.endsWith('.css') || !code.includes('@font-face')) return undefined;
      let out = code;
      for (const [face] of code.matchAll(/@font-face\s*\{[^}]*\}/g)) {
        const [, address] = /url\("([^"]+)"\)/.exec(face)!;
        const [, range] = /unicode-range:([^;]+);/.exec(face)!;
        const [, min, max = min] = /font-weight:\s*(\d+)(?:\s+(\d+))?/.exec(face)!;
        const file = await made(folder, require.resolve(address!), range!, [Number(min), Number(max)]);
        const place = relative(dirname(id), file).split(sep).join('/');
        out = out.replace(face, face.replace(address!, place));
      }
      return out;
    },
  };
};
