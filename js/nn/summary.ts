/** The table that `summary` prints. */
import { describe, fault, whole } from '../engine/errors.js';
import { isArray } from '../engine/look.js';

/** What is known of a layer. */
export interface SummaryLine {
  name: string;
  className: string;
  outputDims: (number | null)[][];
  params: number;
  weights: number;
  receives: string[];
  /** How many samples a batch has, where that is fixed. */
  batch: number | null;
}

/** So many characters a line at most: more than any window shows. */
const LONGEST = 1000;

/** How long lines are, and where columns end, as `summary` is given them. */
export function readColumns(
  lineLength: unknown,
  positions: unknown,
): [number | undefined, number[] | undefined] {
  const length = lineLength ?? undefined;
  if (length !== undefined && whole('summary: lineLength', length, 1) > LONGEST)
    throw fault('value', `summary: lineLength: expected at most ${LONGEST}, got ${describe(length)}`);
  if (positions === undefined || positions === null) return [length as number | undefined, undefined];
  if (!isArray(positions) || !positions.every((one) => typeof one === 'number' && one >= 0 && one <= LONGEST))
    throw fault('value', `summary: positions: expected where columns end, got ${describe(positions)}`);
  return [length as number | undefined, positions as number[]];
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
  const shape = (batch: number | null, dims: (number | null)[]): string =>
    `[${[batch, ...dims].map(String).join(',')}]`;
  const rule = (mark: string): string => mark.repeat(lineLength);
  const lines = [`Model: "${name}"`, rule('_')];
  lines.push(row('Layer (type)', 'Output shape', 'Param #', ...(inARow ? [] : ['Receives inputs'])));
  lines.push(rule('='));
  for (const { name, className, outputDims, params, receives, batch } of layers) {
    const shapes = outputDims.map((dims) => shape(batch, dims));
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
