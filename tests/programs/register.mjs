// Programs for TensorFlow.js get this package in its place: the only thing that a program has to change.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { at } from '../../scripts/run.mjs';

const entry = process.env.MAPLING_PROGRAMS_ENTRY ?? pathToFileURL(at('dist/npm/auto.js')).href;
const hook = `export const resolve = (name, context, next) =>
  name === '@tensorflow/tfjs' ? { url: ${JSON.stringify(entry)}, shortCircuit: true } : next(name, context);`;
// The same run each time: what has no seed of its own follows from this.
let state = 1;
Math.random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};

register(`data:text/javascript,${encodeURIComponent(hook)}`);
