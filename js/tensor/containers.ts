/** Tensors in objects and lists, as functions take them and give them. */
import type { Tensor } from './handle.js';

/** Tensors by name. */
export type NamedTensorMap = { [name: string]: Tensor };
/** A tensor and its name. */
export interface NamedTensor {
  name: string;
  tensor: Tensor;
}
/** What `tidy` looks through for tensors, and what a data set gives: a value, or values in objects and lists. */
export type TensorContainer =
  | undefined
  | null
  | Tensor
  | string
  | number
  | boolean
  | ArrayBufferView
  | TensorContainerObject
  | TensorContainerArray
  | Float32Array
  | Int32Array
  | Uint8Array;
export interface TensorContainerObject {
  [name: string]: TensorContainer;
}
export interface TensorContainerArray extends Array<TensorContainer> {}
