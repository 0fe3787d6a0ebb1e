// What a refusal has to be: one `Error` that names the function and says what was expected in less than 500 characters,
// never an error from the engine's inside, never an instance that is dead afterwards.
import { assert, unrecorded as mapling, recording } from './mapling.mjs';

recording.on = false;

const makeCanary = () => mapling.tensor2d([1, 2, 3, 4], [2, 2]);
let canary = makeCanary();

/** What is wrong with an error, in words. `name` has to stand in the message. */
export function fault(error, name) {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  if (
    /TypeError|ReferenceError|SyntaxError|RuntimeError|InternalError/.test(error.name) ||
    (error instanceof RangeError && !error.code)
  )
    return `${error.name}: ${error.message.slice(0, 120)}`;
  if (error.message.length >= 500) return `a message of ${error.message.length} characters`;
  if (!error.message.toLowerCase().includes(name.toLowerCase()))
    return `does not say ${name}: ${error.message.slice(0, 120)}`;
  return /stopped|unreachable/.test(error.message) ? error.message : '';
}

/** The instance computes as before; if it does not, a new one is started for the tests that follow. */
export async function alive() {
  try {
    const [sum, product] = [mapling.add(canary, 1).dataSync(), mapling.matMul(canary, canary).dataSync()];
    if (`${sum}` === '2,3,4,5' && `${product}` === '7,10,15,22' && `${canary.dataSync()}` === '1,2,3,4')
      return '';
    return `the canary computes ${sum} and ${product}`;
  } catch ({ message }) {
    await mapling.init({ restart: true });
    canary = makeCanary();
    return `the instance is dead: ${message.slice(0, 120)}`;
  }
}

/** Calls that must be refused, or may be answered with `mayWork`: each with a name that its message says. */
export async function refused(calls, { mayWork = false } = {}) {
  const wrong = [];
  for (const [label, call, name = label.split('(')[0]] of calls) {
    try {
      await call();
      if (!mayWork) wrong.push(`${label} was not refused`);
    } catch (error) {
      const said = fault(error, name);
      if (said) wrong.push(`${label}: ${said}`);
    }
    const dead = await alive();
    if (dead) wrong.push(`${label}: ${dead}`);
  }
  assert.deepEqual(wrong, []);
}

/** Arguments that fit, made anew for each call. */
export const x = () =>
  mapling.tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ]);
export const picture = () => mapling.ones([1, 4, 4, 1]);

/** A model for rows of three values, compiled. */
export const model = () => {
  const made = mapling.sequential({ layers: [mapling.layers.dense({ units: 1, inputShape: [3] })] });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return made;
};
