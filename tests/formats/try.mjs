import { layerCases } from './layer_cases.mjs';
import { mapling } from './mapling.mjs';

let n = 0,
  bad = 0;
for (const c of layerCases()) {
  n++;
  try {
    await mapling.io.toKeras(c.model);
  } catch (e) {
    bad++;
    console.log(c.name, e.message, e.code ? '' : e.stack.split('\n').slice(0, 4).join('|'));
  }
}
console.log(n, bad);
