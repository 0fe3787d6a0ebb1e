/** Writes the logs of each epoch as a line of comma-separated values. */
import { checkFunction, describe, fault, flag, onlyKeys, whole } from '../../engine/errors.js';
import { areAll, isArray } from '../../engine/look.js';
import { Callback, checkLogs, type Logs } from './callback.js';
import { remembered } from './remembered.js';

export interface CSVLoggerArgs {
  /** Between two values. Default: a comma. */
  separator?: string;
  /** Goes on with what an earlier run has written. Default: false. */
  append?: boolean;
  /** Is given each line as it is written, with its end; what it returns is awaited. */
  write?: (line: string) => unknown;
}

export class CSVLogger extends Callback {
  /** All lines so far. */
  text = '';
  readonly #separator: string;
  readonly #append: boolean;
  readonly #write: ((line: string) => unknown) | undefined;
  #keys: string[] | undefined;

  constructor(args: CSVLoggerArgs = {}) {
    super();
    onlyKeys('csvLogger', args, ['separator', 'append', 'write']);
    const { separator = ',', append = false, write } = args;
    if (typeof separator !== 'string')
      throw fault('type', `csvLogger: separator: expected a text, got ${describe(separator)}`);
    if (write !== undefined) checkFunction('csvLogger: write', write);
    this.#separator = separator;
    this.#append = flag('csvLogger: append', append);
    this.#write = write;
  }

  override onTrainBegin(): void {
    if (this.#append) return;
    this.text = '';
    this.#keys = undefined;
  }
  getState(): unknown {
    return { of: 'csvLogger', text: this.text, keys: this.#keys ?? null };
  }
  setState(state: unknown): void {
    const { text, keys } = remembered('csvLogger', state, []);
    const areNames = keys === null || (isArray(keys) && areAll(keys, (key) => typeof key === 'string'));
    if (typeof text !== 'string' || !areNames)
      throw fault('format', 'csvLogger: expected a text and the names of logs');
    this.text = text;
    this.#keys = (keys as string[] | null) ?? undefined;
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const epochs = whole('csvLogger: epoch', epoch, 0);
    const all = checkLogs('csvLogger', logs);
    if (!this.#keys) {
      this.#keys = Object.keys(all).sort();
      await this.#line(['epoch', ...this.#keys]);
    }
    const told = this.#keys.map((key) => (typeof all[key] === 'number' ? all[key] : 'NA'));
    await this.#line([epochs, ...told]);
  }
  async #line(parts: (string | number)[]): Promise<void> {
    const line = `${parts.join(this.#separator)}\n`;
    this.text += line;
    await this.#write?.(line);
  }
}
