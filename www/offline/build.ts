/** Makes the site's service worker from what the build wrote. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const script = fileURLToPath(new URL('service-worker.js', import.meta.url));

/** The variant of the module that a file belongs to. A page uses one. */
const variantOf = (file: string): string | undefined =>
  // All of mapling is kept in any case; its threads are where the page has some.
  /^assets\/whole[_-](threads|crew)/.test(file)
    ? 'threads'
    : /^assets\/(mapling|threads|fast_threads|fast)(_bg|_rest)?-/.exec(file)?.[1];
/** What the threads of a variant run. */
const isOfThreads = (file: string): boolean => file.startsWith('assets/crew-worker-');
/**
 * What brings MNIST, what reads the run of the last visit and a drawing of several strokes, and the parts of the main screen
 * that come right behind it: they may have come before there was anybody to keep them.
 */
const isSoonNeeded = (file: string): boolean =>
  /^assets\/(ahead|io-checkpoint-file|several|hold|back|Time|Inside|Why|Step|LessonPlace)-/.test(file);

/** What the site is made of. */
function siteIn(folder: string) {
  const all = readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isFile() && !['index.html', 'sw.js', 'preview.png'].includes(item.name))
    .map(({ name }) => name)
    .concat(readdirSync(join(folder, 'assets')).map((name) => `assets/${name}`))
    .sort();
  const text = (file: string) => readFileSync(join(folder, file), 'utf8');
  const known = (text: string, pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, name]) => `assets/${name}`).filter((file) => all.includes(file));
  const page = text('index.html');
  const entry = /<script[^>]*src="\.\/(assets\/[^"]+)"/.exec(page)![1]!;
  // What the page and its script name, and what these files import before their first line runs.
  const named = /([\w.-]+\.(?:js|css|woff2))/g;
  const first = new Set([...known(page, named), ...known(text(entry), named), ...all.filter(isSoonNeeded)]);
  for (const file of first)
    if (file.endsWith('.js'))
      for (const other of known(text(file), /(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g))
        first.add(other);
  first.add('icon.svg');

  const variants: Record<string, string[]> = {};
  for (const file of all) {
    const variant = variantOf(file);
    if (variant) variants[variant] = [...(variants[variant] ?? []), file];
  }
  for (const [name, files] of Object.entries(variants))
    if (name.endsWith('threads')) files.push(...all.filter(isOfThreads));
  const sum = createHash('sha256').update(readFileSync(script));
  for (const file of ['index.html', ...all]) sum.update(file).update(readFileSync(join(folder, file)));
  return {
    version: sum.digest('hex').slice(0, 16),
    entry,
    first: ['', ...first, ...(variants.mapling ?? [])],
    rest: all.filter((file) => !first.has(file) && !variantOf(file) && !isOfThreads(file)),
    variants,
  };
}

export const serviceWorker: Plugin = {
  name: 'service-worker',
  apply: 'build',
  enforce: 'post',
  writeBundle: {
    order: 'post',
    handler({ dir }) {
      const site = siteIn(dir!);
      writeFileSync(
        join(dir!, 'sw.js'),
        `const site = ${JSON.stringify(site)};\n${readFileSync(script, 'utf8')}`,
      );
    },
  },
};
