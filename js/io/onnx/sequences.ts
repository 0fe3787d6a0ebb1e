/** Layers for sequences: recurrent layers, and attention. */
import { ATTENTION } from './attention.js';
import { RECURRENT } from './recurrent.js';

export const SEQUENCE_LAYERS = { ...RECURRENT, ...ATTENTION };

export { standard } from './statistics.js';
