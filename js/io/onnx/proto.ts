/**
 * ONNX's messages as bytes: which field has which number stands in `onnx/onnx.proto` of the ONNX project. What is not
 * written here no reader asks for.
 */

import { PbfWriter } from 'pbf';
import type { Bytes } from '../../engine/bytes.js';

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

/** Writes the value of an attribute, and gives the number of its kind in `AttributeProto.AttributeType`. */
function writeValue(value: Attribute, w: PbfWriter): number {
  if (typeof value === 'number') {
    w.writeVarintField(3, value);
    return 2;
  }
  if (typeof value === 'string') {
    w.writeStringField(4, value);
    return 3;
  }
  if ('float' in value) {
    w.writeFloatField(2, value.float);
    return 1;
  }
  if ('nodes' in value) {
    w.writeMessage(6, writeGraph, value);
    return 5;
  }
  for (const one of value) w.writeVarintField(8, one);
  return 7;
}

function writeAttribute([name, value]: [string, Attribute], w: PbfWriter): void {
  w.writeStringField(1, name);
  w.writeVarintField(20, writeValue(value, w));
}

function writeNode({ op, name, inputs, outputs, attributes }: WrittenNode, w: PbfWriter): void {
  for (const input of inputs) w.writeStringField(1, input);
  for (const output of outputs) w.writeStringField(2, output);
  w.writeStringField(3, name);
  w.writeStringField(4, op);
  for (const attribute of Object.entries(attributes)) w.writeMessage(5, writeAttribute, attribute);
}

function writeDim(dim: WrittenDim, w: PbfWriter): void {
  if (typeof dim === 'number') w.writeVarintField(1, dim);
  else if (dim !== '') w.writeStringField(2, dim);
}

function writeShape(dims: readonly WrittenDim[], w: PbfWriter): void {
  for (const dim of dims) w.writeMessage(1, writeDim, dim);
}

function writeTensorType({ type, dims }: Port, w: PbfWriter): void {
  w.writeVarintField(1, type);
  if (dims) w.writeMessage(2, writeShape, dims);
}

function writeType(port: Port, w: PbfWriter): void {
  w.writeMessage(1, writeTensorType, port);
}

function writePort(port: Port, w: PbfWriter): void {
  w.writeStringField(1, port.name);
  w.writeMessage(2, writeType, port);
}

function writeInitializer({ name, type, dims, bytes }: Initializer, w: PbfWriter): void {
  for (const dim of dims) w.writeVarintField(1, dim);
  w.writeVarintField(2, type);
  w.writeStringField(8, name);
  w.writeBytesField(9, bytes);
}

function writeGraph({ name, nodes, initializers, inputs, outputs }: Subgraph, w: PbfWriter): void {
  for (const node of nodes) w.writeMessage(1, writeNode, node);
  w.writeStringField(2, name);
  for (const initializer of initializers) w.writeMessage(5, writeInitializer, initializer);
  for (const port of inputs) w.writeMessage(11, writePort, port);
  for (const port of outputs) w.writeMessage(12, writePort, port);
}

/** The set of ops; the domain of ONNX' own has no name. */
function writeOpset(version: number, w: PbfWriter): void {
  w.writeVarintField(2, version);
}

/** The file. */
export function writeModel({ graph, opset, producer, producerVersion, doc }: WrittenModel): Bytes {
  const w = new PbfWriter();
  w.writeVarintField(1, IR_VERSION);
  w.writeStringField(2, producer);
  w.writeStringField(3, producerVersion);
  w.writeStringField(6, doc);
  w.writeMessage(7, writeGraph, graph);
  w.writeMessage(8, writeOpset, opset);
  // What the writer holds is longer than the file.
  return w.finish().slice();
}
