import { assert, mapling, test } from './mapling.mjs';
import { difference, oracle, revive, testFamily } from './oracle.mjs';

testFamily('elementwise');

/** Activations that only layers know: the function is tried on a column of values. */
const activations = new Map();
for (const one of oracle.activations) activations.set(one.op, [...(activations.get(one.op) ?? []), one]);

for (const [activation, cases] of activations) {
  test(`activation ${activation}: relative error ≤ 1e-6, ${cases.length} cases`, () => {
    for (const { args, out } of cases) {
      const [x] = revive(args);
      const model = mapling.sequential({
        layers: [mapling.layers.activation({ activation, inputShape: x.shape.slice(1) })],
      });
      assert.equal(difference(model.predict(x), out, 'relative'), '');
    }
  });
}

test('softplus(-20) is 2.06e-9 and elu(-1e-5) loses no digit', () => {
  const apply = (activation, value) =>
    mapling
      .sequential({ layers: [mapling.layers.activation({ activation, inputShape: [1] })] })
      .predict(mapling.tensor2d([[value]]))
      .dataSync()[0];
  const near = (got, want) =>
    assert.ok(Math.abs(got - want) <= 1e-6 * Math.abs(want), `${got}, expected ${want}`);
  near(apply('softplus', -20), 2.0611536181902037e-9);
  near(apply('elu', -1e-5), -9.999949829982617e-6);
});
