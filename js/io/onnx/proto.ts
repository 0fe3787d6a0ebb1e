/**
 * ONNX's messages as bytes: which field has which number stands in `onnx/onnx.proto` of the ONNX project. What is not
 * written here no reader asks for.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Types of elements, as ONNX numbers them. */
export const FLOAT = 1;
export const INT64 = 7;
export const BOOL = 9;
export type ElementType = typeof FLOAT | typeof INT64 | typeof BOOL;

/** A length that is not fixed is a name, which may be empty: two of one name are equal. */
export type WrittenDim = number | string;

/** An attribute: whole numbers as they are, other numbers as `{ float }`. */
export type Attribute = number | string | readonly number[] | { readonly float: number } | Subgraph;

export interface WrittenNode {
  op: string;
  name: string;
  /** Names of values; an empty one stands for an input that is left out. */
  inputs: string[];
  outputs: string[];
  attributes: { readonly [name: string]: Attribute };
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

const text = (w: BinaryWriter, field: number, value: string): void => {
  w.tag(field, WireType.LengthDelimited).string(value);
};
const number = (w: BinaryWriter, field: number, value: number): void => {
  w.tag(field, WireType.Varint).int64(value);
};
const message = (w: BinaryWriter, field: number, write: () => void): void => {
  w.tag(field, WireType.LengthDelimited).fork();
  write();
  w.join();
};

/** Writes the value of an attribute, and gives the number of its kind in `AttributeProto.AttributeType`. */
function writeValue(w: BinaryWriter, value: Attribute): number {
  if (typeof value === 'number') {
    number(w, 3, value);
    return 2;
  }
  if (typeof value === 'string') {
    text(w, 4, value);
    return 3;
  }
  if ('float' in value) {
    w.tag(2, WireType.Bit32).float(value.float);
    return 1;
  }
  if ('nodes' in value) {
    message(w, 6, () => writeGraph(w, value));
    return 5;
  }
  for (const one of value) number(w, 8, one);
  return 7;
}

function writeAttribute(w: BinaryWriter, name: string, value: Attribute): void {
  text(w, 1, name);
  number(w, 20, writeValue(w, value));
}

function writeNode(w: BinaryWriter, { op, name, inputs, outputs, attributes }: WrittenNode): void {
  for (const input of inputs) text(w, 1, input);
  for (const output of outputs) text(w, 2, output);
  text(w, 3, name);
  text(w, 4, op);
  for (const [key, value] of Object.entries(attributes)) message(w, 5, () => writeAttribute(w, key, value));
}

function writePort(w: BinaryWriter, { name, type, dims }: Port): void {
  text(w, 1, name);
  message(w, 2, () =>
    message(w, 1, () => {
      number(w, 1, type);
      if (!dims) return;
      message(w, 2, () => {
        for (const dim of dims) {
          message(w, 1, () => {
            if (typeof dim === 'number') number(w, 1, dim);
            else if (dim !== '') text(w, 2, dim);
          });
        }
      });
    }),
  );
}

function writeInitializer(w: BinaryWriter, { name, type, dims, bytes }: Initializer): void {
  for (const dim of dims) number(w, 1, dim);
  number(w, 2, type);
  text(w, 8, name);
  w.tag(9, WireType.LengthDelimited).bytes(bytes);
}

function writeGraph(w: BinaryWriter, graph: Subgraph): void {
  for (const node of graph.nodes) message(w, 1, () => writeNode(w, node));
  text(w, 2, graph.name);
  for (const one of graph.initializers) message(w, 5, () => writeInitializer(w, one));
  for (const port of graph.inputs) message(w, 11, () => writePort(w, port));
  for (const port of graph.outputs) message(w, 12, () => writePort(w, port));
}

/** The file. */
export function writeModel(model: WrittenModel): Uint8Array {
  const w = new BinaryWriter();
  number(w, 1, IR_VERSION);
  text(w, 2, model.producer);
  text(w, 3, model.producerVersion);
  text(w, 6, model.doc);
  message(w, 7, () => writeGraph(w, model.graph));
  // The domain of ONNX' own ops has no name.
  message(w, 8, () => number(w, 2, model.opset));
  return w.finish();
}
