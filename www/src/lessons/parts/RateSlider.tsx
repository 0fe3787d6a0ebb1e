import type { Signal } from '@preact/signals';
import { sharedWords } from '../words';
import { short } from './numbers';

/** A learning rate on a logarithmic scale: each notch is a tenth of a power of ten. */
export function RateSlider({ rate, low, high }: { rate: Signal<number>; low: number; high: number }) {
  const text = sharedWords.value;
  const notch = (value: number) => Math.round(10 * Math.log10(value));
  return (
    <label class="slider">
      <span>{text.rate}</span>
      <input
        type="range"
        data-part="rate"
        min={notch(low)}
        max={notch(high)}
        step={1}
        value={notch(rate.value)}
        aria-valuetext={short(rate.value)}
        onInput={({ currentTarget }) => {
          rate.value = Number((10 ** (Number(currentTarget.value) / 10)).toPrecision(2));
        }}
      />
      <output aria-hidden="true">{short(rate.value)}</output>
    </label>
  );
}
