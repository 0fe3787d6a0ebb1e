import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layerCases } from './layer_cases.mjs';
import { mapling } from './mapling.mjs';
import { ask, sharedFolder } from './python.mjs';
const folder = sharedFolder();
const flat = (t) => ({ shape: t.shape, data: [...t.dataSync()], dtype: t.dtype === 'int32' ? 'int32' : 'float32' });
const list = (v) => [v].flat();
const cases = []; const ours = {};
const lr=0.01;
let n = 0; const seen = new Set();
const only = process.argv[2];
for (const c of layerCases()) {
  if (only && !c.name.includes(only)) continue;
  const file = `l${n++}`;
  const { model, xs } = c;
  const one = { file, name: c.name, xs: xs.map(flat) };
  const ys = list(model.predict(xs.length === 1 ? xs[0] : xs, { batchSize: 1000 }));
  const trains = c.trains && model.trainableWeights.length > 0 && ys.length === 1 && !seen.has(c.className);
  ours[file] = { name: c.name, model, xs };
  try {
    if (trains) {
      seen.add(c.className);
      one.eager = true;
      const target = mapling.mul(mapling.onesLike(ys[0]), 0.3);
      one.ys = [flat(target)];
      model.compile({ optimizer: mapling.train.adam(lr), loss: 'meanSquaredError' });
      ours[file].target = target;
      for (let i = 0; i < 2; i++) await model.trainOnBatch(xs.length === 1 ? xs[0] : xs, target);
    }
    ours[file].outputs = list(model.predict(xs.length === 1 ? xs[0] : xs, { batchSize: 1000 })).map(flat);
    writeFileSync(join(folder, `${file}.keras`), await mapling.io.toKeras(model));
    if (trains) {
      const l = [];
      for (let i = 0; i < 10; i++) l.push(list(await model.trainOnBatch(xs.length === 1 ? xs[0] : xs, ours[file].target))[0]);
      ours[file].losses = l;
      ours[file].weights = model.getWeights().map(flat);
    }
    cases.push(one);
  } catch (e) { console.log('OURS', c.name, e.message) }
}
console.time('python');
const answer = await ask('exchange.py', folder, { cases });
console.timeEnd('python');
const off = (a, b) => { if (a.length !== b.length) return Infinity; let m = 0, s = 1e-3; for (let i = 0; i < a.length; i++) { m = Math.max(m, Math.abs(a[i] - b[i])); s = Math.max(s, Math.abs(b[i])); } return m / s; };
let bad = 0, most = {};
const note = (k, v, name) => { if (!(v <= (most[k]?.[0] ?? -1))) most[k] = [v, name]; };
for (const { file, name } of cases) {
  const a = answer[file], o = ours[file];
  if (a.error) { bad++; console.log(name, a.error.slice(0, 600)); continue; }
  a.outputs.forEach((y, i) => note('outputs', off(o.outputs[i].data, y.data), name));
  if (a.losses) { note('losses', off(o.losses, a.losses), name); a.weights.forEach((w, i) => note('weights', off(o.weights[i].data, w.data), name)); }
  try {
    const back = await mapling.io.fromKeras(new Uint8Array(readFileSync(join(folder, `${file}.keras.back.keras`))));
    const x = o.xs.length === 1 ? o.xs[0] : o.xs;
    list(back.predict(x, { batchSize: 1000 })).map(flat).forEach((y, i) => note('back', off(y.data, (a.after ?? a.outputs)[i].data), name));
    if (a.more) { const l = []; for (let i = 0; i < 10; i++) l.push(list(await back.trainOnBatch(x, o.target))[0]); note('more', off(l, a.more), name); }
  } catch (e) { bad++; console.log('BACK', name, e.message, e.code ? '' : e.stack); }
}
console.log(cases.length, 'bad', bad, most, [...seen].length);
