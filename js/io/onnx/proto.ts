/**
 * ONNX's messages as bytes: which field has which number stands in `onnx/onnx.proto` of the ONNX project. What is not
 * written here no reader asks for.
 */
import type { Bytes } from '../../engine/bytes.js';
import { Message } from './wire.js';

/** Types of elements, as ONNX numbers them. */
export const TYPES = { float: 1, int64: 7, bool: 9 };
export type ElementType = keyof typeof TYPES;

/** The length of an axis; null where it is not fixed, as that of a batch. */
export type Dim = number | null;

/** A length that is not fixed is a name, which may be empty: two of one name are equal. */
export type WrittenDim = number | string;

/** Numbers are whole but for the attributes in {@link FLOATS}. */
export type Attribute = number | string | readonly number[] | Subgraph;

export type Attributes = Readonly<Record<string, Attribute>>;

export interface WrittenNode {
  op: string;
  name: string;
  /** Names of values; an empty one stands for an input that is left out. */
  inputs: string[];
  outputs: string[];
  attributes: Attributes;
}

/** A tensor that stands in the file. */
export interface Initializer {
  name: string;
  type: ElementType;
  dims: readonly number[];
  bytes: Uint8Array;
}

/** What goes in or comes out. Without `dims` nothing is said of the shape. */
export interface Port {
  name: string;
  type: ElementType;
  dims?: readonly WrittenDim[];
}

export interface Subgraph {
  name: string;
  nodes: WrittenNode[];
  inputs: Port[];
  outputs: Port[];
  initializers: Initializer[];
}

export interface WrittenModel {
  graph: Subgraph;
  opset: number;
  producer: string;
  producerVersion: string;
  doc: string;
}

/** The version of the file's form that came with opset 18. */
const IR_VERSION = 8;

/** The attributes whose numbers are floats. */
const FLOATS = ['alpha', 'beta', 'bias', 'epsilon', 'lambd'];

/** The value of an attribute in its field, and the number of its kind in `AttributeProto.AttributeType`. */
function attributeOf([name, value]: [string, Attribute]): Message {
  const to = new Message().text(1, name);
  if (typeof value === 'string') return to.text(4, value).whole(20, 3);
  if (typeof value === 'number')
    return FLOATS.includes(name) ? to.float(2, value).whole(20, 1) : to.whole(3, value).whole(20, 2);
  if ('nodes' in value) return to.message(6, graphOf(value)).whole(20, 5);
  for (const one of value) to.whole(8, one);
  return to.whole(20, 7);
}

function nodeOf({ op, name, inputs, outputs, attributes }: WrittenNode): Message {
  const node = new Message();
  for (const input of inputs) node.text(1, input);
  for (const output of outputs) node.text(2, output);
  node.text(3, name).text(4, op);
  for (const attribute of Object.entries(attributes)) node.message(5, attributeOf(attribute));
  return node;
}

function dimOf(dim: WrittenDim): Message {
  const written = new Message();
  if (dim === '') return written;
  return typeof dim === 'number' ? written.whole(1, dim) : written.text(2, dim);
}

function portOf({ name, type, dims }: Port): Message {
  const tensor = new Message().whole(1, TYPES[type]);
  const shape = new Message();
  for (const dim of dims ?? []) shape.message(1, dimOf(dim));
  if (dims) tensor.message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

function tensorOf({ name, type, dims, bytes }: Initializer): Message {
  const tensor = new Message();
  for (const dim of dims) tensor.whole(1, dim);
  return tensor.whole(2, TYPES[type]).text(8, name).bytes(9, bytes);
}

function graphOf({ name, nodes, initializers, inputs, outputs }: Subgraph): Message {
  const graph = new Message();
  for (const node of nodes) graph.message(1, nodeOf(node));
  graph.text(2, name);
  for (const one of initializers) graph.message(5, tensorOf(one));
  for (const port of inputs) graph.message(11, portOf(port));
  for (const port of outputs) graph.message(12, portOf(port));
  return graph;
}

/** The file. The set of ops is ONNX' own, whose domain has no name. */
export const writeModel = ({ graph, opset, producer, producerVersion, doc }: WrittenModel): Bytes =>
  new Message()
    .whole(1, IR_VERSION)
    .text(2, producer)
    .text(3, producerVersion)
    .text(6, doc)
    .message(7, graphOf(graph))
    .message(8, new Message().whole(2, opset))
    .done();
