// The examples in the comments of the package's sources: `@example` and what follows, with what each shown line gives
// behind an arrow.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../scripts/run.mjs';

/** What stands behind a line whose value is promised. */
const PROMISE = /^(.*); \/\/ → (.*)$/;

/** The name that the lines after a comment declare: a function, a member of a namespace, a method. */
function declared(after) {
  const line = after.split('\n').find((one) => !/^\s*(\/\/.*)?$/.test(one)) ?? '';
  const top = /^(?:export )?(?:async )?(?:function\*?|const|class) (\w+)/.exec(line);
  const member = /^\s+(?:override |async |static |get )*(\w+)(?:[<(:,?]|$)/.exec(line);
  return (top ?? member)?.[1];
}

/**
 * All examples: `{ file, line, owner, code }`, where `owner` is the name that the comment stands before. A comment may
 * hold several.
 */
export function examples() {
  const found = [];
  const files = readdirSync(at('js'), { recursive: true }).filter(
    (name) => name.endsWith('.ts') && !/^wasm[/\\]/.test(name),
  );
  for (const file of files.sort()) {
    const text = readFileSync(join(at('js'), file), 'utf8');
    for (const comment of text.matchAll(/\/\*\*.*?\*\//gs)) {
      const owner = declared(text.slice(comment.index + comment[0].length));
      const plain = comment[0].replace(/^\/\*\*|\*\/$/g, '').replace(/^[ \t]*\* ?/gm, '');
      const [before, ...codes] = plain.split('@example');
      let line = text.slice(0, comment.index).split('\n').length + before.split('\n').length - 1;
      for (const code of codes) {
        found.push({ file, line, owner, code: code.trim() });
        line += code.split('\n').length - 1;
      }
    }
  }
  return found;
}

/** The code of an example as a program: each promised value goes to `$promised(value, text)`. */
export const asProgram = (code) =>
  code
    .split('\n')
    .map((line) => {
      const promise = PROMISE.exec(line);
      return promise ? `$promised(${promise[1]}, ${JSON.stringify(promise[2])});` : line;
    })
    .join('\n');

/** Whether a value is what a text promises: numbers as far as they are written out. */
export function isPromised(value, text) {
  return same(value, new Function(`return (${text});`)());
}

/** A value as what a text can hold: tensors and typed arrays as arrays. */
function plain(value) {
  if (typeof value?.arraySync === 'function') return value.arraySync();
  return ArrayBuffer.isView(value) ? Array.from(value) : value;
}

function same(value, wanted) {
  const given = plain(value);
  if (typeof wanted === 'number' && typeof given === 'number')
    return Object.is(given, wanted) || Math.abs(given - wanted) <= 6e-4 * Math.abs(wanted) + 1e-7;
  if (Array.isArray(wanted))
    return (
      Array.isArray(given) &&
      given.length === wanted.length &&
      wanted.every((one, place) => same(given[place], one))
    );
  if (typeof wanted === 'object' && wanted !== null)
    return (
      typeof given === 'object' &&
      given !== null &&
      String(Object.keys(given)) === String(Object.keys(wanted)) &&
      Object.entries(wanted).every(([name, one]) => same(given[name], one))
    );
  return Object.is(given, wanted);
}
