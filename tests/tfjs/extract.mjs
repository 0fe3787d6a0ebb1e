// Writes down the names of TensorFlow.js' API, as its own type declarations have them, into `names.json` beside this file:
//   npm install --prefix somewhere @tensorflow/tfjs@4.22.0 typescript@5
//   node tests/tfjs/extract.mjs somewhere
// The list is kept here because the package with what it depends on takes 300 MB.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2]);
const ts = createRequire(join(folder, 'package.json'))('typescript');
const base = join(folder, 'node_modules/@tensorflow/tfjs');
const { version } = JSON.parse(readFileSync(join(base, 'package.json'), 'utf8'));
const entry = join(base, 'dist/index.d.ts');
const program = ts.createProgram([entry], {
  skipLibCheck: true,
  types: [],
  lib: ['lib.es2020.d.ts', 'lib.dom.d.ts'],
});
const checker = program.getTypeChecker();
const module = checker.getSymbolAtLocation(program.getSourceFile(entry));

const resolved = (symbol) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
const fileOf = (symbol) =>
  ((symbol.valueDeclaration ?? symbol.declarations?.[0])?.getSourceFile().fileName ?? '')
    .replace(/^.*@tensorflow\/(tfjs-)?/, '')
    .replace(/\.d\.ts$/, '');
/** Names that begin with an underscore, or that declarations mark so, are nobody's to call. */
const isHidden = (symbol) =>
  /^_|_$/.test(symbol.name) ||
  (symbol.declarations ?? []).some(
    (one) => ts.getCombinedModifierFlags(one) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected),
  );

/** What a name is for: the part of the API that the declaration's file belongs to. */
function partOf(name, symbol) {
  if (name === 'env') return 'gradients and memory';
  const file = fileOf(symbol);
  if (
    /kernel_names|kernel_registry|backends\/(?!backend$)|\/backend$|engine$|environment|platforms|device_util|flags|kernel_impls|tape|global_util|hash_util|serialization_utils/.test(
      file,
    )
  )
    return 'internals';
  if (/^backend-/.test(file)) return 'internals';
  if (/^converter/.test(file)) return 'graph models';
  if (/^data/.test(file)) return 'data';
  if (/^layers/.test(file))
    return /optimizers|callbacks|metrics|losses/.test(file) ? 'training' : 'models and layers';
  if (/core\/dist\/optimizers/.test(file) || name === 'train') return 'training';
  if (/gradients|globals|variable/.test(file)) return 'gradients and memory';
  return 'tensors';
}
/** Namespaces whose names belong to a part of their own. */
const SPACES = {
  layers: 'layers',
  initializers: 'models and layers',
  constraints: 'models and layers',
  regularizers: 'models and layers',
  models: 'models and layers',
  callbacks: 'training',
  metrics: 'training',
  losses: 'training',
  train: 'training',
  data: 'data',
  io: 'io',
  browser: 'browser',
  image: 'image',
  util: 'util',
  linalg: 'tensors',
  signal: 'tensors',
  spectral: 'tensors',
  string: 'strings',
  sparse: 'sparse',
  fused: 'tensors',
  math: 'tensors',
  serialization: 'models and layers',
};
/** Classes whose members are listed, with the part that they belong to. */
const CLASSES = {
  Tensor: 'tensors',
  Variable: 'gradients and memory',
  TensorBuffer: 'tensors',
  Optimizer: 'training',
  LayersModel: 'models and layers',
  Sequential: 'models and layers',
  SymbolicTensor: 'models and layers',
  LayerVariable: 'models and layers',
  History: 'training',
  CustomCallback: 'training',
};
const LISTED = new Set([...Object.keys(CLASSES), 'Dataset', 'Layer']);
const parts = {};
const put = (part, name) => {
  parts[part] ??= [];
  if (!parts[part].includes(name)) parts[part].push(name);
};
const types = [];
const members = (label, symbol, part) => {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  // What a class has from another that is listed stands there.
  const parents = (checker.getBaseTypes(type) ?? []).filter(({ symbol }) => LISTED.has(symbol.name));
  const inherited = new Set(
    parents.flatMap((parent) => checker.getPropertiesOfType(parent).map(({ name }) => name)),
  );
  for (const member of checker.getPropertiesOfType(type))
    if (!isHidden(member) && !inherited.has(member.name)) put(part, `${label}#${member.name}`);
};

for (const exported of checker.getExportsOfModule(module)) {
  const symbol = resolved(exported);
  const { name } = exported;
  if (/^_/.test(name)) continue;
  const isValue = Boolean(symbol.flags & ts.SymbolFlags.Value);
  const part = partOf(name, symbol);
  if (!isValue) {
    if (part !== 'internals' && part !== 'graph models') types.push(name);
    continue;
  }
  if (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) types.push(name);
  const space = SPACES[name];
  const declared = symbol.valueDeclaration ?? symbol.declarations[0];
  const isSpace =
    Boolean(symbol.flags & ts.SymbolFlags.Module) &&
    !(symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class));
  if (space || isSpace) {
    const inner = isSpace
      ? checker.getExportsOfModule(symbol).filter((one) => resolved(one).flags & ts.SymbolFlags.Value)
      : checker.getPropertiesOfType(checker.getTypeOfSymbolAtLocation(symbol, declared));
    const where = space ?? (part === 'tensors' ? 'internals' : part);
    for (const one of inner)
      if (!isHidden(one) && one.name !== 'prototype') put(where, `${name}.${one.name}`);
    continue;
  }
  put(part, name);
  if (CLASSES[name]) members(name, symbol, CLASSES[name]);
}
/** Classes that are members of namespaces. */
for (const [space, name] of [
  ['data', 'Dataset'],
  ['data', 'CSVDataset'],
  ['layers', 'Layer'],
]) {
  const owner = resolved(checker.getExportsOfModule(module).find((one) => one.name === space));
  const found = resolved(checker.getExportsOfModule(owner).find((one) => one.name === name));
  members(`${space}.${name}`, found, SPACES[space] === 'layers' ? 'models and layers' : space);
}

const { internals, ...named } = parts;
const sorted = Object.fromEntries(
  Object.entries(named)
    .sort()
    .map(([part, names]) => [part, names.sort().join(' ')]),
);
const list = { version, internals: internals.length, parts: sorted, types: types.sort().join(' ') };
writeFileSync(new URL('names.json', import.meta.url), `${JSON.stringify(list, null, 2)}\n`);
for (const [part, names] of Object.entries(sorted)) console.log(part, names.split(' ').length);
console.log('types', types.length, 'internals', internals.length);
