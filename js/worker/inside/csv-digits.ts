/** Digits from a table: in each row the label, then the pixels of a square, 0 to 255. */
import type { Rows } from '../../data/from-files.js';
import { refused } from '../../data/refusal.js';
import { tableParser } from '../../data/table-parser.js';

/** So many characters are parsed at once: cells take far more memory than the text that they stand in. */
const PIECE = 2 ** 20;

/** What stands between cells, as the first line shows. */
const delimiterIn = (text: string): string => /[,;\t]/.exec(text.slice(0, 10_000))?.[0] ?? ',';

/** Rows of one file. A first row of names is passed over. */
export async function rowsOf(file: string, text: string): Promise<Rows> {
  const Parser = await tableParser();
  const settings = { delimiter: delimiterIn(text), newline: '\n', quoteChar: '"' };
  let side = 0;
  let number = 0;
  const [labels, pictures]: [number[], Uint8Array[]] = [[], []];
  const problem = (message: string): Error =>
    refused(`${file}: row ${number}: ${message}`, { why: 'row', file, row: number });
  const take = (row: readonly string[]): void => {
    number++;
    if (row.length === 1 && row[0]!.trim() === '') return;
    // An empty cell is no number.
    const values = row.map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell)));
    if (number === 1 && Number.isNaN(values[0])) return;
    if (side === 0) side = Math.sqrt(row.length - 1);
    if (!(side >= 1 && Number.isInteger(side) && row.length === side * side + 1))
      throw problem(`expected a label and the pixels of a square, got ${row.length} cells`);
    const [label, ...pixels] = values as [number, ...number[]];
    if (!(Number.isInteger(label) && label >= 0 && label < 256))
      throw problem(`expected a label from 0 to 255, got ${row[0]}`);
    if (!pixels.every((value) => value >= 0 && value <= 255)) throw problem('expected pixels from 0 to 255');
    labels.push(label);
    pictures.push(Uint8Array.from(pixels));
  };
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from + PIECE);
    const piece = text.slice(from, end < 0 ? undefined : end);
    for (const row of new Parser(settings).parse(piece, 0, false).data) take(row);
    from = end < 0 ? text.length : end + 1;
  }
  const bytes = new Uint8Array(pictures.length * side * side);
  pictures.forEach((picture, at) => {
    bytes.set(picture, at * side * side);
  });
  return { bytes, labels: Uint8Array.from(labels), height: side, width: side };
}
