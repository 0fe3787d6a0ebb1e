/** The table that `summary` prints. */
import { describe, fault, whole } from '../engine/errors.js';

/** No line is longer. */
const WIDEST = 10_000;

/** Refuses settings of the table that make no sense. */
export function checkTable(lineLength: unknown, positions: unknown, print: unknown): void {
  if (lineLength !== undefined && whole('summary: lineLength', lineLength, 1) > WIDEST)
    throw fault('value', `summary: lineLength: expected at most ${WIDEST}, got ${describe(lineLength)}`);
  const isPlace = (place: unknown): boolean => typeof place === 'number' && place >= 0 && place <= WIDEST;
  if (positions !== undefined && !(Array.isArray(positions) && positions.every(isPlace)))
    throw fault('value', `summary: positions: expected places of columns, got ${describe(positions)}`);
  if (typeof print !== 'function')
    throw fault('type', `summary: print: expected a function, got ${describe(print)}`);
}

/** What is known of a layer. */
export interface SummaryLine {
  name: string;
  className: string;
  outputDims: (number | null)[][];
  params: number;
  weights: number;
  receives: string[];
}

/** The lines of the table; `inARow` leaves out what each layer receives. */
export function summaryLines(
  name: string,
  layers: readonly SummaryLine[],
  weights: readonly { size: number; trainable: boolean }[],
  inARow: boolean,
  lineLength = inARow ? 66 : 98,
  positions: readonly number[] = inARow ? [0.48, 0.84, 1] : [0.32, 0.58, 0.68, 1],
): string[] {
  const stops = positions.map((stop) => Math.round(stop <= 1 ? stop * lineLength : stop));
  const row = (...cells: string[]): string =>
    cells.reduce((line, cell, at) => (line + cell).slice(0, stops[at]).padEnd(stops[at] ?? 0), '').trimEnd();
  const shape = (dims: (number | null)[]): string => `[${['null', ...dims.map(String)].join(',')}]`;
  const rule = (mark: string): string => mark.repeat(lineLength);
  const lines = [`Model: "${name}"`, rule('_')];
  lines.push(row('Layer (type)', 'Output shape', 'Param #', ...(inARow ? [] : ['Receives inputs'])));
  lines.push(rule('='));
  for (const { name, className, outputDims, params, receives } of layers) {
    const shapes = outputDims.map(shape);
    const cells = [
      `${name} (${className})`,
      shapes.length === 1 ? shapes[0]! : `[${shapes}]`,
      String(params),
    ];
    lines.push(row(...cells, ...(inARow ? [] : [receives[0] ?? ''])));
    // Each further input has a line of its own, as in TensorFlow.js.
    if (!inARow) for (const further of receives.slice(1)) lines.push(row('', '', '', further));
  }
  lines.push(rule('='));
  const count = (pick: (trainable: boolean) => boolean): number =>
    weights.reduce((sum, { size, trainable }) => sum + (pick(trainable) ? size : 0), 0);
  lines.push(`Total params: ${count(() => true)}`);
  lines.push(`Trainable params: ${count((yes) => yes)}`);
  lines.push(`Non-trainable params: ${count((yes) => !yes)}`);
  lines.push(rule('_'));
  return lines;
}
