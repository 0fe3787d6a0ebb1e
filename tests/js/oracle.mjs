// Cases of oracle/ops.json: what each op gives for which arguments. `oracle/values.py` says how they are written.
import { readFileSync } from 'node:fs';
import { assert, mapling, test } from './mapling.mjs';

export const oracle = JSON.parse(readFileSync(new URL('./oracle/ops.json', import.meta.url), 'utf8'));

/** How a result is compared, by what the case says; the words stand in the test's name. */
const BOUNDS = {
  exact: { words: 'bit for bit', error: () => 0, sum: 1e-11 },
  relative: { words: 'relative error ≤ 1e-6', error: (want) => 1e-6 * Math.abs(want) + 2e-45, sum: 1e-6 },
  scale: { words: 'error ≤ 1e-5 of the greatest value', error: (_, most) => 1e-5 * most, sum: 1e-5 },
};

/** Whole numbers below 2³² from a hash of their place, as `noise` in oracle/values.py. */
export function noise(count, seed) {
  return Uint32Array.from({ length: count }, (_, place) => {
    let h = Math.imul(place + 1, 2654435761) + seed * 40503;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  });
}

const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);
const numbers = (values) => values.map(Number);

/** The values of a written tensor, as plain numbers. */
export function valuesOf({ s: shape, d: dtype, v, g }) {
  if (v) return numbers(v);
  const [seed, low, high] = g;
  return Array.from(noise(sizeOf(shape), seed), (hash) => {
    const value = low + (high - low) * (hash / 2 ** 32);
    return dtype ? Math.floor(value) : Math.fround(value);
  });
}

const KINDS = { int32: Int32Array, bool: Uint8Array, float32: Float32Array };

/** A written argument as a caller would give it: tensors made, NaN and infinities read, `null` for not given. */
export function revive(part) {
  if (Array.isArray(part)) return part.map(revive);
  if (part === null) return undefined;
  if (typeof part === 'string' && /^(NaN|-?Infinity)$/.test(part)) return Number(part);
  if (typeof part !== 'object') return part;
  const dtype = part.d ?? 'float32';
  return mapling.tensor(KINDS[dtype].from(valuesOf(part)), part.s, dtype);
}

const agrees = (got, want, allowed) =>
  Object.is(got, want) || got === want || Math.abs(got - want) <= allowed;

/** What is wrong with a tensor, in words, or nothing. */
export function difference(tensor, out, close = 'exact') {
  if (typeof tensor?.dataSync !== 'function') return `expected a tensor, got ${typeof tensor}`;
  const { s: shape, d: dtype = 'float32', v, at: step = 1, sum, of } = out;
  if (`${tensor.shape}` !== `${shape}`) return `expected shape [${shape}], got [${tensor.shape}]`;
  if (tensor.dtype !== dtype) return `expected ${dtype}, got ${tensor.dtype}`;
  const [got, bound] = [tensor.dataSync(), BOUNDS[close]];
  if (got.length !== sizeOf(shape)) return `${got.length} values in shape [${shape}]`;
  const want = numbers(v).map((value) => (close === 'exact' ? Math.fround(value) : value));
  const wanted = dtype === 'int32' ? numbers(v) : want;
  const most = Math.max(1e-30, ...wanted.filter(Number.isFinite).map(Math.abs));
  const wrong = wanted.findIndex(
    (value, index) => !agrees(got[index * step], value, bound.error(value, most)),
  );
  if (wrong >= 0) return `value ${wrong * step}: expected ${wanted[wrong]}, got ${got[wrong * step]}`;
  if (sum === undefined) return '';
  const weights = noise(got.length, 7);
  const checksum = got.reduce((total, value, index) => total + value * (weights[index] / 2 ** 32), 0);
  const off = Math.abs(checksum - sum) / Math.max(of, 1e-30);
  return off <= bound.sum ? '' : `the checksum over all values is off by ${off}`;
}

/** `image.resizeBilinear` is a function in a namespace. */
export const find = (name) => name.split('.').reduce((owner, key) => owner?.[key], mapling);

/** What came back beside what the case says, in words: one tensor, a list of tensors, or several by name. */
function judge(result, out, close) {
  if (out.s) return difference(result, out, close);
  const [got, want] = [Object.keys(result), Object.keys(out)];
  if (`${got}` !== `${want}`) return `expected tensors ${want}, got ${got}`;
  return (want.map((key) => [key, judge(result[key], out[key], close)]).find(([, said]) => said) ?? ['', ''])
    .join(' ')
    .trim();
}

const written = (value) => JSON.stringify(value).slice(0, 160);

function attempt(call, one) {
  try {
    return judge(call(), one.out, one.close);
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

/** Whether a function is there: one that does not say that it is not in the package. */
function isOffered(get, args) {
  try {
    const call = get();
    if (typeof call !== 'function') return false;
    call(...args);
  } catch ({ message }) {
    return !/not in mapling/.test(message);
  }
  return true;
}
export const offered = (name, args) => isOffered(() => find(name), args);
const offeredAsMethod = (name, [self, ...rest]) => isOffered(() => self[name]?.bind(self), rest);

/**
 * A test for each op of a family and each way to compare, as a function and as a method. `functions` and `methods` of
 * `toCome` list, exactly, what the oracle knows and the package does not: whoever adds one takes it off the list.
 */
export function testFamily(family, toCome = { functions: [], methods: [] }) {
  const groups = new Map();
  for (const one of oracle[family]) {
    const title = `${one.op}: ${BOUNDS[one.close ?? 'exact'].words}`;
    groups.set(title, [...(groups.get(title) ?? []), one]);
  }
  const missing = { functions: new Set(), methods: new Set() };
  for (const [title, cases] of groups) {
    const { op } = cases[0];
    const asFunction = offered(op, revive(cases[0].args));
    if (!asFunction) missing.functions.add(op);
    const bound = cases.filter(({ calls }) => calls !== 'function');
    const asMethod = bound.length > 0 && offeredAsMethod(op, revive(bound[0].args));
    if (bound.length > 0 && !asMethod) missing.methods.add(op);
    if (!asFunction && !asMethod) continue;
    test(`${title}, ${cases.length} cases`, () => {
      const wrong = [];
      const judged = (how, one, call) => {
        const said = attempt(call, one);
        if (said) wrong.push(`${how} ${written(one.args)}: ${said}`);
      };
      for (const one of asFunction ? cases : []) {
        judged('function', one, () => find(op)(...revive(one.args)));
        // Arrays of numbers are taken for tensors.
        const [first] = one.args;
        if (first?.v && !first.d && first.s.length === 1 && first.v.length > 0)
          judged('array', one, () => find(op)(numbers(first.v), ...revive(one.args.slice(1))));
      }
      for (const one of asMethod ? bound : []) {
        const [self, ...rest] = revive(one.args);
        judged('method', one, () => self[op](...rest));
      }
      assert.deepEqual(wrong, []);
    });
  }
  test(`${family}: what is to come is listed`, () => {
    for (const kind of ['functions', 'methods']) {
      assert.deepEqual([...missing[kind]].sort(), [...toCome[kind]].sort(), kind);
    }
  });
}
