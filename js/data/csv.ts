/** Tables of comma-separated values as data sets, row by row. Their text is read by Papa Parse, loaded when it is needed. */

import { brief, describe, fault, onlyKeys } from '../engine/errors.js';
import { can, isA, isArray, isObject } from '../engine/look.js';
import type { TensorContainer } from '../tensor/containers.js';
import type { DataType } from '../tensor/values.js';
import { Dataset } from './dataset.js';
import { LazyIterator } from './lazy-iterator.js';
import { type DataSource, FileDataSource, textIn, URLDataSource } from './sources.js';
import { tableParser } from './table-parser.js';

/** How a column is read. */
export interface ColumnConfig {
  /** An empty cell is an error, unless there is a `default`. */
  required?: boolean;
  /** What the cells are. Default: numbers where they look like it, else text. */
  dtype?: DataType | 'string';
  /** What an empty cell is. */
  default?: TensorContainer;
  /** Whether the column is what a model should answer: then elements are `{ xs, ys }`. */
  isLabel?: boolean;
}

export interface CSVConfig {
  /** Whether the first row names the columns. Default: true. */
  hasHeader?: boolean;
  /** The names of the columns, which go before those in the first row. */
  columnNames?: string[];
  columnConfigs?: { [column: string]: ColumnConfig };
  /** Whether columns without a configuration are left out. */
  configuredColumnsOnly?: boolean;
  /** Between two cells. Default: a comma. */
  delimiter?: string;
  /** Whether any number of spaces and tabs is between two cells. */
  delimWhitespace?: boolean;
}

const KEYS = 'hasHeader columnNames columnConfigs configuredColumnsOnly delimiter delimWhitespace'.split(' ');
const COLUMN_KEYS = 'required dtype default isLabel'.split(' ');

/** What `data.csv` takes: an address, the path of a file in Node, a file, bytes, or the text of a table itself. */
export type CSVSource = string | URL | Request | Blob | Uint8Array | DataSource;

/** The text, if the source is one: nothing else has line ends in it. */
function asSource(source: CSVSource): DataSource | string {
  if (typeof source === 'string' && /[\r\n]/.test(source)) return source;
  if (isA(source, Uint8Array) || (typeof Blob !== 'undefined' && isA(source, Blob)))
    return new FileDataSource(source);
  if (can(source, 'iterator')) return source as DataSource;
  return new URLDataSource(source as string | URL | Request);
}

/** The rows of a table: an object with a value for each column, or `{ xs, ys }` where columns are labels. */
export class CSVDataset extends Dataset<TensorContainer> {
  readonly #source: DataSource | string;
  readonly #config: CSVConfig;
  #names: string[] | undefined;

  constructor(source: CSVSource, config: CSVConfig = {}) {
    super();
    this.#config = checked(config ?? {});
    this.#source = asSource(source);
  }

  /**
   * The names of the columns that elements have.
   * @example await data.csv('a,b\n1,2\n').columnNames(); // → ['a', 'b']
   */
  async columnNames(): Promise<string[]> {
    const names = await this.#allNames();
    const { configuredColumnsOnly, columnConfigs = {} } = this.#config;
    return configuredColumnsOnly ? names.filter((name) => Object.hasOwn(columnConfigs, name)) : [...names];
  }
  async #allNames(): Promise<string[]> {
    if (this.#names) return this.#names;
    const { hasHeader = true, columnNames, columnConfigs = {} } = this.#config;
    let names = columnNames;
    if (hasHeader) {
      const rows = await this.#rows();
      const { value: header, done } = await rows.next();
      await rows.return();
      if (done) throw fault('value', 'data.csv: there are no rows');
      if (names && names.length !== header.length)
        throw fault('value', `data.csv: columnNames: ${names.length} names for ${header.length} columns`);
      names ??= header;
    }
    if (!names) throw fault('value', 'data.csv: columnNames: needed where no row names the columns');
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) throw fault('name', `data.csv: two columns have the name ${describe(twice)}`);
    const odd = Object.keys(columnConfigs).find((name) => !names.includes(name));
    if (odd !== undefined)
      throw fault(
        'name',
        `data.csv: columnConfigs: there is no column ${describe(odd)}; there are ${brief(names.join(', '), 200)}`,
      );
    this.#names = names;
    return names;
  }
  async #rows(): Promise<LazyIterator<string[]>> {
    return new LazyIterator(rowsOf(this.#source, this.#config));
  }
  override async iterator(): Promise<LazyIterator<TensorContainer>> {
    const names = await this.#allNames();
    const { hasHeader = true } = this.#config;
    return new LazyIterator(elements(await this.#rows(), names, hasHeader ? 1 : 0, this.#config));
  }
}

function checked(config: CSVConfig): CSVConfig {
  onlyKeys('data.csv', config, KEYS);
  const { columnNames, columnConfigs, delimiter, delimWhitespace } = config;
  if (columnNames !== undefined && columnNames !== null) {
    if (!isArray(columnNames) || columnNames.some((name) => typeof name !== 'string'))
      throw fault('type', `data.csv: columnNames: expected a list of names, got ${describe(columnNames)}`);
  }
  if (columnConfigs !== undefined && columnConfigs !== null && !isObject(columnConfigs))
    throw fault('type', `data.csv: columnConfigs: expected an object, got ${describe(columnConfigs)}`);
  for (const [name, column] of Object.entries<ColumnConfig | undefined>(columnConfigs ?? {})) {
    onlyKeys(`data.csv: columnConfigs: ${brief(name)}`, column, COLUMN_KEYS);
    const { dtype } = column ?? {};
    if (dtype !== undefined && !['float32', 'int32', 'bool', 'string'].includes(dtype))
      throw fault(
        'value',
        `data.csv: columnConfigs: ${brief(name)}: dtype: expected float32, int32, bool or string, got ${describe(dtype)}`,
      );
  }
  if (delimiter !== undefined && (typeof delimiter !== 'string' || !/^[^\r\n"]+$/.test(delimiter)))
    throw fault('value', `data.csv: delimiter: expected a text such as ";", got ${describe(delimiter)}`);
  if (delimWhitespace && delimiter !== undefined)
    throw fault('value', 'data.csv: delimiter: cannot be given together with delimWhitespace');
  return { ...config, columnConfigs: columnConfigs ?? {} };
}

/** The cells of each row, as text; rows without anything in them are left out. */
async function* rowsOf(source: DataSource | string, config: CSVConfig) {
  const { delimiter = ',', delimWhitespace } = config;
  const Parser = await tableParser();
  // Where any white space is between cells, a line is parsed as one cell at first.
  const settings = { delimiter: delimWhitespace ? '\u001f' : delimiter, newline: '\n', quoteChar: '"' };
  const cells = (row: string[]): string[] => (delimWhitespace ? row[0]!.trim().split(/[ \t]+/) : row);
  let text = '';
  const read = function* (isLast: boolean): Generator<string[], void, undefined> {
    const { data, meta, errors } = new Parser(settings).parse(text, 0, !isLast);
    text = text.slice(meta.cursor);
    const open = isLast ? errors.find(({ code }) => code === 'MissingQuotes') : undefined;
    if (open) throw fault('format', 'data.csv: a quote is opened and never closed');
    for (const row of data) if (row.length > 1 || row[0] !== '') yield cells(row);
  };
  for await (const piece of textIn(source)) {
    text += piece;
    // Rows are looked for where a line ends: a long row would be begun anew with each piece.
    if (piece.includes('\n')) yield* read(false);
  }
  yield* read(true);
}

async function* elements(
  rows: AsyncIterable<string[]>,
  names: readonly string[],
  skip: number,
  config: CSVConfig,
): AsyncGenerator<TensorContainer, void, undefined> {
  const { columnConfigs = {}, configuredColumnsOnly } = config;
  const columns = names.map((name) => ({
    name,
    column: Object.hasOwn(columnConfigs, name) ? columnConfigs[name] : undefined,
  }));
  const hasLabels = columns.some(({ column }) => column?.isLabel);
  let number = 0;
  for await (const row of rows) {
    if (number++ < skip) continue;
    if (row.length !== names.length)
      throw fault(
        'format',
        `data.csv: row ${number} has ${row.length} cells; there are ${names.length} columns`,
      );
    const xs: Record<string, TensorContainer> = {};
    const ys: Record<string, TensorContainer> = {};
    columns.forEach(({ name, column }, at) => {
      if (configuredColumnsOnly && !column) return;
      const into = column?.isLabel ? ys : xs;
      into[name] = cell(row[at]!, column, () => `data.csv: row ${number}: column ${brief(name)}`);
    });
    yield hasLabels ? { xs, ys } : xs;
  }
}

/** The value of a cell. */
function cell(text: string, column: ColumnConfig | undefined, where: () => string): TensorContainer {
  if (text === '') {
    if (column?.default !== undefined) return column.default;
    if (column?.required || column?.isLabel) throw fault('value', `${where()} is required, and empty`);
    return undefined;
  }
  const { dtype } = column ?? {};
  if (dtype === 'string') return text;
  if (dtype === 'bool') return text === '1' || text.toLowerCase() === 'true' ? 1 : 0;
  const number = Number(text);
  if (Number.isNaN(number)) return text;
  return dtype === 'int32' ? Math.floor(number) : number;
}
