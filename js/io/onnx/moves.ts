/** How windows move over the axes between the batch and the channels, one number for each axis, and how ONNX is told. */
import type { Attributes } from './proto.js';

export interface Moves {
  window: readonly number[];
  strides: readonly number[];
  dilation: readonly number[];
  padding: string;
}

/** How many places a window reaches over along each axis. */
export const reachesOf = ({ window, dilation }: Moves): number[] =>
  window.map((size, axis) => (size - 1) * dilation[axis]! + 1);

/**
 * The attributes of an op whose windows move so over these lengths, and how many windows there are along each axis. No
 * attributes where ONNX cannot say it.
 */
export function placed(
  lengths: readonly number[],
  moves: Moves,
): { attributes: Attributes | undefined; counts: number[] } {
  const { window, strides, dilation, padding } = moves;
  const reaches = reachesOf(moves);
  const edges = reaches.map((reach, axis): [number, number] => {
    const [length, stride] = [lengths[axis]!, strides[axis]!];
    if (padding === 'causal') return [reach - 1, 0];
    if (padding !== 'same') return [0, 0];
    // With steps of one the length does not matter.
    const missing = stride === 1 ? reach - 1 : (Math.ceil(length / stride) - 1) * stride + reach - length;
    const all = Math.max(missing, 0);
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  });
  const counts = edges.map(([before, after], axis) =>
    Math.floor((lengths[axis]! + before + after - reaches[axis]!) / strides[axis]! + 1),
  );
  const isDilated = dilation.some((step) => step > 1);
  const shape = { kernel_shape: window, strides, ...(isDilated && { dilations: dilation }) };
  const pads = [0, 1].flatMap((side) => edges.map((edge) => edge[side]!));
  if (!pads.includes(Number.NaN)) return { attributes: { ...shape, pads }, counts };
  // What TensorFlow does: the odd place comes last.
  return { attributes: isDilated ? undefined : { ...shape, auto_pad: 'SAME_UPPER' }, counts };
}
