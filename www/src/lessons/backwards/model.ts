/** The graph's values and gradients, which mapling's autograd finds, and how much of them has been shown. */
import { batch, computed, signal } from '@preact/signals';
import { grad, grads, scalar, type Tensor } from 'mapling';
import { backwards, isMade, type Leaf, leaves, made, madeNames, type Name, names } from './graph';

const GIVEN: Record<Leaf, number> = { x: 1.5, w: 0.8, b: -0.4, y: -0.5 };
export const RATE = 0.1;
/** Nodes that the step forward makes, nodes that the way back visits, and the update. */
export const FORWARD = madeNames.length;
export const BACK = FORWARD + backwards.length;
export const LAST = BACK + 1;

export const given = signal<Record<Leaf, number>>(GIVEN);
/** How many parts of a step have been shown. */
export const position = signal(0);
export const rate = signal(RATE);
export const steps = signal(0);
export const isPlaying = signal(false);
export const chosen = signal<Name>('w');
/** How far the difference reaches to either side. */
export const reach = signal(0.01);
/** What the last update did. */
export const updated = signal<{
  w: [before: number, after: number];
  b: [before: number, after: number];
} | null>(null);

type Of<Value> = Record<Name, Value>;
const number = (tensor: Tensor): number => tensor.dataSync()[0]!;

/** All nodes' values, `nudges` added to each as it is made. */
function forward(at: Record<Leaf, Tensor>, nudges: Partial<Of<Tensor>> = {}): Of<Tensor> {
  const found = {} as Of<Tensor>;
  for (const name of [...leaves, ...madeNames] as Name[]) {
    const plain = isMade(name) ? made[name].op(...made[name].from.map((from) => found[from])) : at[name];
    const nudge = nudges[name];
    found[name] = nudge ? plain.add(nudge) : plain;
  }
  return found;
}
const tensors = (): Record<Leaf, Tensor> => {
  const { x, w, b, y } = given.value;
  return { x: scalar(x), w: scalar(w), b: scalar(b), y: scalar(y) };
};

export const values = computed(() => {
  const found = forward(tensors());
  return Object.fromEntries(names.map((name) => [name, number(found[name])])) as Of<number>;
});

/** What the loss would do if a node were a little larger: its derivative by a nudge of nothing at each node. */
export const gradients = computed(() => {
  const at = tensors();
  const loss = (...nudges: Tensor[]) =>
    forward(at, Object.fromEntries(names.map((name, i) => [name, nudges[i]!]))).L;
  const found = grads(loss)(names.map(() => scalar(0)));
  return Object.fromEntries(names.map((name, i) => [name, number(found[i]!)])) as Of<number>;
});

/** The derivatives of each op by its own inputs, without the rest of the graph. */
export const locals = computed(
  () =>
    Object.fromEntries(
      madeNames.map((name) => {
        const { op, from } = made[name];
        return [name, grads(op)(from.map((input) => scalar(values.value[input]))).map(number)];
      }),
    ) as Record<(typeof madeNames)[number], number[]>,
);

/** The loss, as it depends on a nudge at one node. */
const lossBy = (name: Name) => {
  const at = tensors();
  return (nudge: Tensor): Tensor => forward(at, { [name]: nudge }).L;
};

/** The slope between two points to either side of the chosen node's value, with the losses there. */
export const difference = computed(() => {
  const loss = lossBy(chosen.value);
  const h = scalar(reach.value);
  const [above, below] = [loss(h), loss(h.neg())];
  return { above: number(above), below: number(below), slope: number(above.sub(below).div(h.mul(2))) };
});

/** How the chosen node's gradient itself changes: the gradient of the gradient. The loss' own is 1, whatever it is. */
export const curvature = computed(() =>
  chosen.value === 'L' ? 0 : number(grad(grad(lossBy(chosen.value)))(scalar(0))),
);

/** The node that was shown last, and whether on the way forward or back. */
export const shown = computed<{ way: 'forward' | 'back'; name: Name } | null>(() => {
  const at = position.value;
  if (at === 0 || at === LAST) return null;
  return at <= FORWARD
    ? { way: 'forward', name: madeNames[at - 1]! }
    : { way: 'back', name: backwards[at - FORWARD - 1]! };
});
export const hasValue = (name: Name): boolean =>
  !isMade(name) || madeNames.indexOf(name) < position.value || position.value === LAST;
export const hasGradient = (name: Name): boolean =>
  position.value !== LAST && backwards.indexOf(name) < position.value - FORWARD;

function update(): void {
  const { w, b } = given.peek();
  const by = (before: number, name: 'w' | 'b') =>
    number(scalar(before).sub(scalar(gradients.peek()[name]).mul(rate.peek())));
  const next = { w: by(w, 'w'), b: by(b, 'b') };
  updated.value = { w: [w, next.w], b: [b, next.b] };
  given.value = { ...given.peek(), ...next };
  steps.value = steps.peek() + 1;
}

export function stepOn(): void {
  batch(() => {
    // After the update comes the next step forward.
    const next = position.peek() === LAST ? 1 : position.peek() + 1;
    if (next === LAST) update();
    position.value = next;
    if (shown.value) chosen.value = shown.value.name;
  });
}

/** One node back. An update is not taken back. */
export function stepBack(): void {
  batch(() => {
    position.value = position.peek() === LAST ? 0 : Math.max(0, position.peek() - 1);
    if (shown.value) chosen.value = shown.value.name;
  });
}

export function give(name: Leaf, value: number): void {
  batch(() => {
    given.value = { ...given.peek(), [name]: value };
    if (position.peek() === LAST) position.value = 0;
  });
}

export function reset(): void {
  batch(() => {
    isPlaying.value = false;
    given.value = GIVEN;
    position.value = 0;
    steps.value = 0;
    rate.value = RATE;
    updated.value = null;
  });
}
