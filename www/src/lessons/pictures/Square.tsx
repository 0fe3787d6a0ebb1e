import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { largest } from '../../inside/Picture';
import { kernel } from './kernel';
import { number, typedNumber } from './number';
import { lessonWords } from './words';

/** Numbers of a window in their places, tinted by sign and size. */
export function Square({
  size,
  values,
  children,
}: {
  size: number;
  values: ArrayLike<number>;
  children: (at: number) => ComponentChildren;
}) {
  const full = largest(values) || 1;
  return (
    <div class="square-numbers" style={{ gridTemplateColumns: `repeat(${size}, minmax(0, 1fr))` }}>
      {Array.from({ length: values.length }, (_, at) => (
        <div
          key={at}
          class={values[at]! < 0 ? 'cell wrong' : 'cell right'}
          style={{ '--strength': Math.abs(values[at]!) / full }}
        >
          {children(at)}
        </div>
      ))}
    </div>
  );
}

/** One weight of the kernel, to be typed or moved by arrow keys. */
function Weight({ at }: { at: number }) {
  const text = lessonWords.value.lab.slide;
  const { size, values } = kernel.value;
  /** What stands in the field while it is no number. */
  const refused = useSignal<string | null>(null);
  const set = (value: number): void => {
    refused.value = null;
    const now = kernel.peek();
    kernel.value = { ...now, values: now.values.map((old, other) => (other === at ? value : old)) };
  };
  return (
    <input
      type="text"
      inputMode="decimal"
      autocomplete="off"
      data-part="weight"
      aria-label={text.weight(Math.floor(at / size) + 1, (at % size) + 1)}
      aria-invalid={refused.value !== null}
      value={refused.value ?? number(values[at]!)}
      onChange={(event) => {
        const typed = typedNumber(event.currentTarget.value);
        if (typed === null) refused.value = event.currentTarget.value;
        else set(typed);
      }}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
        if (step === 0) return;
        event.preventDefault();
        set(Math.round((kernel.peek().values[at]! + step) * 100) / 100);
      }}
    />
  );
}

/** The kernel's weights, each to be changed. */
export function Weights() {
  const { size, values } = kernel.value;
  return (
    <div data-part="kernel" data-value={values.join(' ')}>
      <Square size={size} values={values}>
        {(at) => <Weight at={at} />}
      </Square>
    </div>
  );
}
