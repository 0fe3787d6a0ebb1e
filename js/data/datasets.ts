/** Where data come from, in one place: what the package and the worker use. */
import { namespace } from '../engine/namespace.js';
import { files } from './files.js';
import { digits } from './generated.js';
import { mnist } from './mnist.js';

export type { DigitData, DigitSet } from './digit-set.js';
export type { Progress } from './download.js';
export { digit, type Strokes } from './drawing.js';
export type { IdxFile } from './files.js';
export { fromFiles } from './from-files.js';
export type { DigitsOptions } from './generated.js';
export { fetchMnist, type MnistOptions } from './mnist.js';

/** Where data come from. */
export const datasets = /* @__PURE__ */ namespace('datasets', { mnist, digits, files });
