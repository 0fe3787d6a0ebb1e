/** JSON that is not to be trusted: `[]` takes more memory than its letters. */
import { fault } from '../engine/errors.js';

/** What a list or an object takes at least, and what each of their values, in bytes; and what may always be taken. */
const [LIST, VALUE, LEAST] = [48, 8, 2 ** 18];

const [QUOTE, COMMA, BRACKET, BACKSLASH, BRACE] = [0x22, 0x2c, 0x5b, 0x5c, 0x7b];

/** Whether what stands in this JSON takes no more than about four times the memory of a file of so many bytes. */
export function isLight(text: string, length: number): boolean {
  let [bytes, isInside] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (isInside && letter === BACKSLASH) at++;
    else if (letter === QUOTE) isInside = !isInside;
    else if (!isInside && (letter === BRACKET || letter === BRACE)) bytes += LIST;
    else if (!isInside && letter === COMMA) bytes += VALUE;
  }
  return bytes <= LEAST + 4 * length;
}

/** What this JSON says, of a file of so many bytes. `where` begins errors. */
export function readJson(where: string, text: string, length = text.length): unknown {
  try {
    if (isLight(text, length)) return JSON.parse(text);
  } catch {
    throw fault('format', `${where}: this is not JSON`);
  }
  throw fault('format', `${where}: this says more than a model does`);
}
