/** The visitor's own digits: what they drew, what it was, and what the network took it for. Kept on this device. */
import { computed, effect, signal } from '@preact/signals';
import type { OwnDigit, Stroke } from 'mapling/trainer';
import { boxOf } from '../pad/box';
import { classNames } from '../state/classes';
import { past } from '../state/drawing';

export interface Own {
  label: number;
  /** What the network read before it was told; null for a drawing of a class that it did not know yet. */
  guess: number | null;
  /** The lines of a drawing in a box of 1000; none where only a photo is known. */
  strokes: Stroke[] | null;
  /** What the network was shown, a byte a pixel, in base64. */
  pixels: string;
}

const PLACE = 'mapling.own';
/** So many are kept: a few megabytes. The oldest make way. */
const MOST = 500;

interface Kept {
  own: Own[];
  names: Record<number, string>;
}

/** Whether this browser keeps things; it may refuse, or be full. */
export const isKept = signal(true);

function kept(): Kept {
  try {
    const found = JSON.parse(localStorage.getItem(PLACE) ?? 'null') as Kept | null;
    const own = Array.isArray(found?.own) ? found.own.filter(isOwn) : [];
    return { own, names: found?.names ?? {} };
  } catch {
    return { own: [], names: {} };
  }
}

const isOwn = (one: Own | null): one is Own =>
  Number.isInteger(one?.label) && typeof one?.pixels === 'string' && atob(one.pixels).length === 784;

const before = kept();
export const own = signal<Own[]>(before.own);
classNames.value = { ...before.names, ...classNames.peek() };

// Another tab has written.
addEventListener('storage', ({ key }) => {
  if (key !== PLACE && key !== null) return;
  const now = kept();
  const here = new Map(own.peek().map((one) => [JSON.stringify(one), one]));
  own.value = now.own.map((one) => here.get(JSON.stringify(one)) ?? one);
  classNames.value = { ...now.names, ...classNames.peek() };
});

effect(() => {
  const now: Kept = { own: own.value, names: classNames.value };
  try {
    if (now.own.length === 0) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, JSON.stringify(now));
    isKept.value = true;
  } catch {
    isKept.value = false;
  }
});

const scoreOf = (all: readonly Own[]) => {
  const judged = all.filter(({ guess }) => guess !== null);
  return { right: judged.filter(({ guess, label }) => guess === label).length, total: judged.length };
};

/** How many of them were read right when they were drawn. */
export const ownScore = computed(() => scoreOf(own.value));
// Those of earlier visits count.
past.value = {
  right: past.peek().right + scoreOf(before.own).right,
  total: past.peek().total + scoreOf(before.own).total,
};

/** A drawing in a box of 1000, so that it does not depend on the size of the pad. */
function boxed(strokes: readonly Stroke[]): Stroke[] {
  const { left, top, right, bottom } = boxOf(strokes);
  const size = Math.max(right - left, bottom - top, 1);
  const within = (place: number) => Math.round((place / size) * 1000);
  return strokes.map((stroke) =>
    stroke.map(([x, y]): [number, number] => [within(x - left), within(y - top)]),
  );
}

const packed = (pixels: Float32Array): string =>
  btoa(String.fromCharCode(...Uint8Array.from(pixels, (value) => Math.round(255 * value))));

export const pixelsOf = ({ pixels }: Own): Uint8Array =>
  Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));

/** A drawing as it is kept. */
export const ownOf = (
  label: number,
  guess: number | null,
  strokes: readonly Stroke[],
  pixels: Float32Array,
): Own => ({ label, guess, strokes: strokes.length > 0 ? boxed(strokes) : null, pixels: packed(pixels) });

export function keep(...more: Own[]): void {
  own.value = [...own.peek(), ...more].slice(-MOST);
}

export function forget(one: Own): void {
  own.value = own.peek().filter((other) => other !== one);
}

export function forgetAll(): void {
  own.value = [];
}

/** As the worker takes it. */
export const forWorker = (one: Own): OwnDigit =>
  one.strokes
    ? { strokes: one.strokes, label: one.label }
    : { pixels: Float32Array.from(pixelsOf(one), (value) => value / 255), label: one.label };
