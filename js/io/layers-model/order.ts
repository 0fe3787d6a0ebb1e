/**
 * The order in which TensorFlow.js lists the layers of a graph: what an optimizer remembers has it. A layer stands the
 * earlier the longer the way from it to the outputs is, and layers of one depth in the order in which a walk from the
 * outputs back meets them.
 */
import type { Written } from '../portable.js';
import { callOut, type LayerJson, layersOf, nameOf, type Place } from './out.js';

/** A call of a layer. */
interface Node {
  layer: string;
  from: Node[];
  depth: number;
}

/** The calls of all layers, and those that the outputs come from. */
function nodesOf(model: Written): { outputs: Node[] } {
  const nodes = new Map<string, Node[]>();
  const calls = new Map<Node, Place[]>();
  for (const layer of layersOf(model)) {
    const name = nameOf(layer);
    const list = (layer.inbound_nodes ?? []).map((call) => {
      const node: Node = { layer: name, from: [], depth: 0 };
      calls.set(node, callOut(name, call));
      return node;
    });
    nodes.set(name, list.length > 0 ? list : [{ layer: name, from: [], depth: 0 }]);
  }
  const at = ([name, number]: Place): Node => nodes.get(name)![number]!;
  for (const [node, places] of calls) node.from = places.map(at);
  return { outputs: Object.values(model.config.output_layers as Place[]).map(at) };
}

/** The layers of a model in TensorFlow.js' order. */
export function inOrder(model: Written): LayerJson[] {
  const layers = layersOf(model);
  if (model.class_name === 'Sequential') return layers;
  const { outputs } = nodesOf(model);
  const met = new Map<string, number>();
  const done: Node[] = [];
  const seen = new Set<Node>();
  // Each node with how many of its inputs were walked to.
  const pending: [node: Node, next: number][] = [];
  const begin = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (!met.has(node.layer)) met.set(node.layer, met.size);
    pending.push([node, 0]);
  };
  for (const output of outputs) {
    begin(output);
    for (let top = pending.at(-1); top; top = pending.at(-1)) {
      const [node, next] = top;
      const input = node.from[next];
      if (input) {
        top[1]++;
        begin(input);
      } else {
        done.push(node);
        pending.pop();
      }
    }
  }
  const depths = new Map<string, number>();
  for (const node of done.reverse()) {
    node.depth = Math.max(node.depth, depths.get(node.layer) ?? 0);
    depths.set(node.layer, node.depth);
    for (const input of node.from) input.depth = Math.max(input.depth, node.depth + 1);
  }
  return layers
    .filter((layer) => met.has(nameOf(layer)))
    .sort((a, b) => {
      const [one, other] = [nameOf(a), nameOf(b)];
      return depths.get(other)! - depths.get(one)! || met.get(one)! - met.get(other)!;
    });
}
