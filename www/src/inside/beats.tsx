/** What each beat of a step shows. */

import type { StepInside, WeightMoved } from 'mapling/trainer';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { hundredths, percent as sayShare } from '../format';
import { laterWords } from '../later/words';
import { type Kernel, paintTiles, sizeOf, tilesOf } from '../network/WeightPicture';
import { theme } from '../state/theme';
import { BatchDigit } from './BatchDigit';
import { insideWords } from './words';

interface BeatProps {
  now: StepInside;
  /** The place in the batch of the digit that is followed. */
  chosen: number;
}

/** A number with three digits that count; very small ones by their power of ten. */
const number = (value: number): string => {
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.001 || size >= 10000) ? value.toExponential(1) : value.toPrecision(3);
  return text.replaceAll('-', '−');
};
/** Nothing is certain, and what is all but impossible has its digits. */
const percent = (share: number): string =>
  `${share > 0.5 ? sayShare(share, 1) : hundredths(share, share < 0.001 ? 3 : 1)}\u00a0%`;

/** The picture, the ten probabilities, and how surprised the network is by the truth. */
export function Forward({ now, chosen }: BeatProps) {
  const text = insideWords.value.step.forward;
  const classes = now.probabilities.length / now.labels.length;
  const label = now.labels[chosen]!;
  const own = now.probabilities.subarray(chosen * classes, (chosen + 1) * classes);
  const scores = now.scores.subarray(chosen * classes, (chosen + 1) * classes);
  return (
    <>
      <p>{text.lead}</p>
      <p data-part="surprise" data-value={now.losses[chosen]}>
        {text.surprise(label)}{' '}
        <b class="sum">
          −ln {number(own[label]!)} = {now.losses[chosen]!.toFixed(3)}
        </b>
      </p>
      <p data-part="batch-loss" data-value={now.loss} aria-live="polite" aria-atomic="true">
        {text.loss(now.batchSize)} <b>{now.loss.toFixed(4)}</b>
      </p>
      <div class="step-forward">
        <figure class="step-digit">
          <BatchDigit now={now} at={chosen} />
          <figcaption>{text.truth(label)}</figcaption>
        </figure>
        <table class="step-answers">
          <thead>
            <tr>
              <th scope="col" />
              <th scope="col">{text.score}</th>
              <th scope="col">{text.probability}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {Array.from(own, (share, digit) => (
              <tr key={digit} class={digit === label ? 'is-truth' : undefined}>
                <th scope="row">{digit}</th>
                <td>{number(scores[digit]!)}</td>
                <td>{percent(share)}</td>
                <td>
                  <span class="bar-track">
                    <span class="bar-fill" style={{ transform: `scaleX(${share})` }} />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const rootOfSquares = (values: number[]): number => Math.hypot(...values);
/** Layers that learn are counted: there may be several of a kind. */
const nameOf = (className: string, at: number): string =>
  `${at + 1} ${laterWords.value.network.layers[className] ?? className}`;

/** A bar for each layer. */
function Layers({
  now,
  value,
  write,
  label,
  isBack = false,
}: {
  now: StepInside;
  value: (weights: WeightMoved[]) => number;
  write: (value: number) => string;
  label: string;
  isBack?: boolean;
}) {
  const rows = now.layers.map((layer, at) => ({ layer, at, value: value(layer.weights) }));
  const full = Math.max(...rows.map(({ value }) => value), Number.MIN_VALUE);
  if (isBack) rows.reverse();
  return (
    <table class="step-layers">
      <caption>{label}</caption>
      <tbody>
        {rows.map(({ layer, at, value }) => (
          <tr key={layer.name} data-layer={layer.name} data-value={value}>
            <th scope="row">{nameOf(layer.className, at)}</th>
            <td>{write(value)}</td>
            <td>
              <span class="bar-track">
                <span class="bar-fill" style={{ transform: `scaleX(${value / full})` }} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Values of the first layer's kernel as the network's picture lays weights out. */
function KernelPicture({ kernel, label }: { kernel: Kernel; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = theme.value;
  const tiles = tilesOf(kernel.shape);
  const [width, height] = sizeOf(tiles);
  useLayoutEffect(() => paintTiles(canvas.current!.getContext('2d')!, kernel), [kernel, scheme]);
  return (
    <figure class="step-kernel" data-kind={tiles.kind}>
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}

/** How large the gradient is in each layer, from the loss back to the picture. */
export function Back({ now }: BeatProps) {
  const text = insideWords.value.step.back;
  return (
    <>
      <p>{text.lead}</p>
      <Layers
        now={now}
        value={(weights) => rootOfSquares(weights.map(({ gradientSize }) => gradientSize))}
        write={number}
        label={text.sizes}
        isBack
      />
      {now.first && (
        <KernelPicture kernel={{ shape: now.first.shape, values: now.first.gradient }} label={text.picture} />
      )}
    </>
  );
}

/** Where a value of a weight stands, in words. */
function placeOf({ name, shape }: WeightMoved, at: number, isLast: boolean): string {
  const text = insideWords.value.step.update;
  const unit = (at % (shape.at(-1) ?? 1)) + 1;
  if (shape.length === 1) return isLast ? text.biasOf(unit - 1) : text.bias(unit);
  const rest = Math.floor(at / shape.at(-1)!);
  if (shape.length === 4) {
    const [, width, inputs] = shape as [number, number, number, number];
    const cell = Math.floor(rest / inputs);
    return text.kernel(unit, (cell % width) + 1, Math.floor(cell / width) + 1);
  }
  if (shape.length === 2 && shape[0] === 784)
    return text.pixel((rest % 28) + 1, Math.floor(rest / 28) + 1, unit);
  if (shape.length !== 2) return name;
  return isLast ? text.toDigit(rest + 1, unit - 1) : text.between(rest + 1, unit);
}

/** How many weights are told of one by one. */
const MOST = 5;

/** How far the weights moved: of each layer, the farthest one by one, and the first layer as a picture. */
export function Update({ now, chosen }: BeatProps) {
  const text = insideWords.value.step.update;
  const classes = now.probabilities.length / now.labels.length;
  const at = chosen * classes + now.labels[chosen]!;
  const farthest = now.layers
    .flatMap(({ className, weights }, layer) =>
      weights.flatMap((weight) => weight.farthest.map((one) => ({ className, layer, weight, ...one }))),
    )
    .sort((one, other) => Math.abs(other.after - other.before) - Math.abs(one.after - one.before))
    .slice(0, MOST);
  return (
    <>
      <p>{text.lead}</p>
      <p data-part="step-after">
        {text.now(now.labels[chosen]!, percent(now.probabilities[at]!), percent(now.probabilitiesAfter[at]!))}
      </p>
      <Layers
        now={now}
        value={(weights) =>
          rootOfSquares(weights.map(({ changeSize }) => changeSize)) /
          (rootOfSquares(weights.map(({ size }) => size)) || 1)
        }
        write={percent}
        label={text.sizes}
      />
      <div class="step-scroll">
        <table class="step-weights" data-part="step-weights">
          <caption>{text.farthest}</caption>
          <thead>
            <tr>
              <th scope="col">{text.weight}</th>
              <th scope="col">{text.before}</th>
              <th scope="col">{text.gradient}</th>
              <th scope="col">{text.after}</th>
            </tr>
          </thead>
          <tbody>
            {farthest.map(({ className, layer, weight, ...one }) => (
              <tr key={`${weight.name} ${one.at}`}>
                <th scope="row">
                  {nameOf(className, layer)}, {placeOf(weight, one.at, layer === now.layers.length - 1)}
                </th>
                <td>{number(one.before)}</td>
                <td>{number(one.gradient)}</td>
                <td>{number(one.after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {farthest.some(({ gradient, before, after }) => gradient === 0 && before !== after) && (
        <p class="hint">{text.remembered}</p>
      )}
      {now.first && (
        <KernelPicture kernel={{ shape: now.first.shape, values: now.first.change }} label={text.picture} />
      )}
    </>
  );
}
