/** Points in the plane, of two classes: three patterns, and what the visitor paints. All are drawn by mapling's own generators. */
import { concat, cos, linspace, mul, ones, randomNormal, sin, stack, type Tensor, zeros } from 'mapling';

export interface Point {
  x: number;
  y: number;
  /** 1 is green and round, 0 orange and square. */
  label: 0 | 1;
}

export const patterns = ['moons', 'rings', 'spiral', 'own'] as const;
export type Pattern = (typeof patterns)[number];

/** The plane reaches so far from its middle. */
export const REACH = 3;
/** Points of each class. */
const COUNT = 90;

const noise = (size: number, seed: number): Tensor => randomNormal([COUNT, 2], 0, size, 'float32', seed);
const arc = (angle: Tensor, radius: Tensor | number): Tensor =>
  stack([mul(cos(angle), radius), mul(sin(angle), radius)], 1);

const made: Record<Exclude<Pattern, 'own'>, () => [Tensor, Tensor]> = {
  moons: () => {
    const angle = linspace(0, Math.PI, COUNT);
    const upper = arc(angle, 1.6).add([-0.8, -0.4]);
    const lower = arc(angle.neg(), 1.6).add([0.8, 0.4]);
    return [upper.add(noise(0.22, 1)), lower.add(noise(0.22, 2))];
  },
  rings: () => {
    const angle = linspace(0, 2 * Math.PI, COUNT);
    return [arc(angle, 2.2).add(noise(0.2, 3)), arc(angle, 0.8).add(noise(0.25, 4))];
  },
  spiral: () => {
    const radius = linspace(0.35, 2.6, COUNT);
    const angle = radius.mul(2);
    return [arc(angle, radius).add(noise(0.07, 5)), arc(angle.add(Math.PI), radius).add(noise(0.07, 6))];
  },
};

/** The points of a pattern; nothing for what the visitor paints. */
export function pointsOf(pattern: Pattern): Point[] {
  if (pattern === 'own') return [];
  const [zero, one] = made[pattern]();
  const places = concat([zero, one]).dataSync();
  const labels = concat([zeros([COUNT]), ones([COUNT])]).dataSync();
  return Array.from(labels, (label, at) => ({
    x: places[2 * at]!,
    y: places[2 * at + 1]!,
    label: label === 1 ? 1 : 0,
  }));
}
