/** A network of nine weights that finds the visitor's kernel from pictures and their maps, by gradient descent. */
import { signal } from '@preact/signals';
import { conv2d, mean, randomNormal, square, sub, type Tensor, tensor, tidy, train, variable } from 'mapling';
import { oncePerFrame } from '../../state/frame';
import { testSet } from '../../state/testset';
import { SIZE } from '../digit';
import { kernel } from './kernel';

const DIGITS = 48;
const RATE = 0.3;
export const MOST = 400;
/** It has found the kernel when the mean squared error is below this. */
const FOUND = 1e-6;

export interface Search {
  step: number;
  loss: number;
  /** After each step. */
  losses: number[];
  /** The weights of now, and those that are looked for. */
  found: Float32Array;
  wanted: number[];
  size: number;
  isRunning: boolean;
}
export const search = signal<Search | null>(null);

let stop: (() => void) | null = null;

export function endSearch(): void {
  stop?.();
  stop = null;
}

/** Begins with random weights, and takes a step a frame. */
export function beginSearch(): void {
  endSearch();
  const set = testSet.peek();
  if (!set) return;
  const { size, values } = kernel.peek();
  const count = Math.min(DIGITS, set.labels.length);
  const pixels = Float32Array.from(set.pixels.subarray(0, count * SIZE * SIZE), (value) => value / 255);
  const pictures = tensor(pixels, [count, SIZE, SIZE, 1]);
  const maps = tidy(() => conv2d(pictures, tensor([...values], [size, size, 1, 1]), 1, 'valid'));
  const weights = variable(tidy(() => randomNormal([size, size, 1, 1], 0, 0.5)));
  const optimizer = train.adam(RATE);
  const errors: number[] = [];
  let isOver = false;
  const show = (isRunning: boolean): void => {
    search.value = {
      step: errors.length,
      loss: errors.at(-1) ?? Number.NaN,
      losses: [...errors],
      found: weights.dataSync() as Float32Array,
      wanted: values,
      size,
      isRunning,
    };
  };
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    show(false);
    for (const part of [pictures, maps, weights]) part.dispose();
  };
  const step = oncePerFrame(() => {
    if (isOver) return;
    const loss = optimizer.minimize(
      () => mean(square(sub(conv2d(pictures, weights as Tensor, 1, 'valid'), maps))),
      true,
    )!;
    errors.push(loss.dataSync()[0]!);
    loss.dispose();
    const isFound = errors.at(-1)! < FOUND || errors.length >= MOST;
    if (isFound) return end();
    show(true);
    step();
  });
  stop = end;
  show(true);
  step();
}
