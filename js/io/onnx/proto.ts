/**
 * ONNX's messages as bytes: which field has which number stands in `onnx/onnx.proto` of the ONNX project. What is not
 * written here no reader asks for.
 */
import type { Bytes } from '../../engine/bytes.js';
import { Message } from './wire.js';

/** Types of elements, as ONNX numbers them. */
export const TYPES = { float: 1, int64: 7, bool: 9 };
export type ElementType = keyof typeof TYPES;

/** A length that is not fixed is a name: two of one name are equal. */
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

/** The set of ops, and the version of the file's form that came with it. */
const OPSET = 18;
const IR_VERSION = 8;

/** The attributes whose numbers are floats. */
const FLOATS = ['alpha', 'bias', 'epsilon'];

/** The value of an attribute in its field, and the number of its kind in `AttributeProto.AttributeType`. */
function attributeOf([name, value]: [string, Attribute]): Message {
  const to = new Message().text(1, name);
  if (typeof value === 'string') return to.text(4, value).whole(20, 3);
  if (typeof value === 'number')
    return FLOATS.includes(name) ? to.float(2, value).whole(20, 1) : to.whole(3, value).whole(20, 2);
  if ('nodes' in value) return to.message(6, graphOf(value)).whole(20, 5);
  return to.whole(8, ...value).whole(20, 7);
}

const nodeOf = ({ op, name, inputs, outputs, attributes }: WrittenNode): Message =>
  new Message()
    .text(1, ...inputs)
    .text(2, ...outputs)
    .text(3, name)
    .text(4, op)
    .message(5, ...Object.entries(attributes).map(attributeOf));

const dimOf = (dim: WrittenDim): Message =>
  typeof dim === 'number' ? new Message().whole(1, dim) : new Message().text(2, dim);

function portOf({ name, type, dims }: Port): Message {
  const tensor = new Message().whole(1, TYPES[type]);
  if (dims) tensor.message(2, new Message().message(1, ...dims.map(dimOf)));
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

const tensorOf = ({ name, type, dims, bytes }: Initializer): Message =>
  new Message()
    .whole(1, ...dims)
    .whole(2, TYPES[type])
    .text(8, name)
    .bytes(9, bytes);

const graphOf = ({ name, nodes, initializers, inputs, outputs }: Subgraph): Message =>
  new Message()
    .message(1, ...nodes.map(nodeOf))
    .text(2, name)
    .message(5, ...initializers.map(tensorOf))
    .message(11, ...inputs.map(portOf))
    .message(12, ...outputs.map(portOf));

/** The file. The set of ops is ONNX' own, whose domain has no name. */
export const writeModel = (graph: Subgraph, version: string, doc: string): Bytes =>
  new Message()
    .whole(1, IR_VERSION)
    .text(2, 'mapling')
    .text(3, version)
    .text(6, doc)
    .message(7, graphOf(graph))
    .message(8, new Message().whole(2, OPSET))
    .done();
