/** Models between symbols that layers were called on. The page's worker goes without: models come to it as JSON. */
import { describe, fault, onlyKeys } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { areAll, isA, listOf } from '../engine/look.js';
import { fromSymbols, type ModelArgs } from './graph.js';
import { Layer } from './layer.js';
import { seedFrom } from './seed-from.js';
import { SymbolicTensor } from './symbolic.js';

function symbols(what: string, given: unknown): SymbolicTensor[] {
  const all = listOf(given);
  const isSymbol = (one: unknown): boolean => isA(one, SymbolicTensor);
  if (all.length > 0 && areAll(all, isSymbol)) return all as SymbolicTensor[];
  const odd = all.find((one) => !isSymbol(one));
  throw fault(
    'type',
    `model: ${what}: expected symbols, as input() and layer.apply() give them, got ${describe(odd)}`,
  );
}

/** The layers that these symbols come from. */
function layersOf(outputs: readonly SymbolicTensor[]): Layer[] {
  const pending = [...outputs];
  const seen = new Set<SymbolicTensor>();
  const layers: Layer[] = [];
  for (let symbol = pending.pop(); symbol; symbol = pending.pop()) {
    if (seen.has(symbol)) continue;
    seen.add(symbol);
    if (isA(symbol.sourceLayer, Layer)) layers.push(symbol.sourceLayer);
    pending.push(...symbol.inputs);
  }
  return layers;
}

fromSymbols.make = (args: ModelArgs) => {
  onlyKeys('model', args, ['inputs', 'outputs', 'name', 'seed']);
  const ends = { inputs: symbols('inputs', args.inputs), outputs: symbols('outputs', args.outputs) };
  const seed = seedFrom('model', args.seed);
  const lent = [ends.inputs, ends.outputs].map((all) => all.map((symbol) => symbol.lend('model')));
  const network = new Handle((wasm) => wasm.Network.fromSymbols(lent[0]!, lent[1]!, seed));
  return { network, seed, symbols: ends, layers: layersOf(ends.outputs) };
};
