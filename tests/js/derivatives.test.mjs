// First derivatives of every op: `grads(f)(inputs, dy)` against oracle/derivatives.py.
import { assert, mapling, test } from './mapling.mjs';
import { difference, find, offered, oracle, revive } from './oracle.mjs';

/** Ops of the oracle that the package does not have; who adds one takes it off the list. */
const TO_COME = [];

/** The arguments with `inputs` where a case says `{ x: index }`. */
const filled = (part, inputs) =>
  Array.isArray(part)
    ? part.map((one) => filled(one, inputs))
    : typeof part?.x === 'number'
      ? inputs[part.x]
      : revive(part);

const cases = new Map();
for (const one of oracle.derivatives) cases.set(one.op, [...(cases.get(one.op) ?? []), one]);

const missing = [];
for (const [op, ofOp] of cases) {
  const [first] = ofOp;
  if (!offered(op, filled(first.args, first.inputs.map(revive)))) {
    missing.push(op);
    continue;
  }
  test(`the derivative of ${op}: error ≤ 1e-5 of the greatest value, ${ofOp.length} cases`, () => {
    const wrong = [];
    for (const { args, inputs, dy, dx } of ofOp) {
      const f = (...given) => find(op)(...filled(args, given));
      const found = mapling.grads(f)(inputs.map(revive), revive(dy));
      for (const [at, want] of dx.entries()) {
        const said = difference(found[at], want, 'scale');
        if (said) wrong.push(`${JSON.stringify(args).slice(0, 160)} by input ${at}: ${said}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
}

test('derivatives: what is to come is listed', () => {
  assert.deepEqual(missing.sort(), TO_COME);
});
