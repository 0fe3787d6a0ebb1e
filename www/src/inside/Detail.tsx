import { useSignal, useSignalEffect } from '@preact/signals';
import type { LayerInside } from 'mapling/trainer';
import { nameOf } from '../state/classes';
import { guess } from '../state/drawing';
import { inside } from '../state/inside';
import { network, settings } from '../state/session';
import { layersOf } from '../state/settings';
import { liveTrainer } from '../state/trainer';
import { chosen } from './look';
import { largest, Picture } from './Picture';
import { activated, type Sum, sumOfUnit, sumOfWindow } from './sums';
import { insideWords } from './words';

/** So many products are shown one by one. */
const MOST = 6;

const number = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 3 : 1).replace('-', '−');

/** A sum as it is reckoned: the largest products, the rest, the bias, and what the activation makes of it. */
function Terms({ sum, from, activation, value }: SumProps) {
  const text = insideWords.value.inside;
  const shown = sum.terms.slice(0, MOST);
  const rest = sum.terms.slice(MOST).reduce((all, { input, weight }) => all + input * weight, 0);
  return (
    <table class="terms">
      <caption>{text.sum(sum.count)}</caption>
      <tbody>
        {shown.map(({ at, input, weight }) => (
          <tr key={at}>
            <th scope="row">{from(at)}</th>
            <td>
              {number(input)} × {number(weight)}
            </td>
            <td>{number(input * weight)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">{text.others(sum.count - shown.length)}</th>
          <td />
          <td>{number(rest)}</td>
        </tr>
        <tr>
          <th scope="row">{text.bias}</th>
          <td />
          <td>{number(sum.bias)}</td>
        </tr>
        <tr class="total">
          <th scope="row">{text.total}</th>
          <td />
          <td>{number(sum.total)}</td>
        </tr>
        {activation && (
          <tr class="total">
            <th scope="row">{text.after(activation)}</th>
            <td />
            <td>{number(activated(activation, sum.total) ?? value)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface SumProps {
  sum: Sum;
  from: (at: number) => string;
  activation: string | undefined;
  value: number;
}

interface Weights {
  layer: string;
  kernel?: { shape: number[]; values: Float32Array } | undefined;
  bias?: Float32Array | undefined;
}

/** Where a map has its largest value. */
function brightest({ shape, values }: LayerInside, map: number): [x: number, y: number] {
  const [, width = 1, count = 1] = shape;
  let best = 0;
  for (let cell = 0; cell * count < values.length; cell++)
    if (values[cell * count + map]! > values[best * count + map]!) best = cell;
  return [best % width, Math.floor(best / width)];
}

/** The unit or map that was chosen: enlarged, with its sum and what the answer would do if it changed. */
export function Detail() {
  const weights = useSignal<Weights | null>(null);
  const place = useSignal<[x: number, y: number]>([0, 0]);
  useSignalEffect(() => {
    const layer = chosen.value?.layer;
    const at = network.value?.layers.findIndex(({ name }) => name === layer) ?? -1;
    // With what is on the pad the weights are asked for again: the network may have learned.
    inside.value;
    const trainer = liveTrainer();
    if (!layer || at < 0 || !trainer) return;
    void trainer.weights(at).then(
      ([kernel, bias]) => {
        weights.value = { layer, kernel, bias: bias?.values };
      },
      () => {},
    );
  });
  useSignalEffect(() => {
    const choice = chosen.value;
    const layer = inside.peek()?.layers.find(({ name }) => name === choice?.layer);
    if (choice && layer?.shape.length === 3) place.value = brightest(layer, choice.index);
  });
  const [choice, found, layers] = [chosen.value, inside.value, network.value?.layers];
  const at = found?.layers.findIndex(({ name }) => name === choice?.layer) ?? -1;
  if (!choice || !found || !layers || at < 0) return null;
  const text = insideWords.value.inside;
  const now = found.layers[at]!;
  const before = found.layers[at - 1] ?? { values: found.pixels, shape: [28, 28, 1] };
  const config: Record<string, unknown> = layersOf(settings.value)[at]?.config ?? {};
  const activation = config.activation as string | undefined;
  const own = weights.value?.layer === choice.layer ? weights.value : null;
  const isMap = now.shape.length === 3;
  const [height, width, count] = (isMap ? now.shape : [1, 1, now.values.length]) as [number, number, number];
  const [x, y] = [Math.min(place.value[0], width - 1), Math.min(place.value[1], height - 1)];
  const index = (y * width + x) * count + choice.index;
  const isLast = at === found.layers.length - 1;
  const kind = layers[at]!.className;
  const digit = guess.value?.digit;
  const change = now.gradient?.[index];

  let sum: Sum | null = null;
  // Other layers that learn, such as normalization, have no kernel: each value is made of one.
  if (own?.kernel?.shape.length === 4 && isMap) {
    const { shape, values } = own.kernel;
    const shift = (length: number) => (config.padding === 'same' ? Math.floor((length - 1) / 2) : 0);
    const corner = [x - shift(shape[1]!), y - shift(shape[0]!)] as const;
    const size = before.shape as [number, number, number];
    sum = sumOfWindow(before.values, size, values, shape, own.bias, choice.index, corner);
  } else if (own?.kernel?.shape.length === 2 && !isMap)
    sum = sumOfUnit(before.values, own.kernel.values, own.bias, choice.index);

  const from = (place: number): string => {
    const [, across = 28, deep = 1] = before.shape.length === 3 ? before.shape : [1, before.values.length, 1];
    const isPicture = before.values.length === 784;
    if (before.shape.length !== 3 && !isPicture) return text.before(place);
    const wide = isPicture ? 28 : across;
    const [cell, map] = [Math.floor(place / deep), place % deep];
    const [column, row] = [cell % wide, Math.floor(cell / wide)];
    return isPicture ? text.input(column, row) : text.from(map, column, row);
  };
  const point = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const within = (share: number, length: number) =>
      Math.min(length - 1, Math.max(0, Math.floor(share * length)));
    place.value = [
      within((event.clientX - box.left) / box.width, width),
      within((event.clientY - box.top) / box.height, height),
    ];
  };
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    place.value = [
      Math.min(width - 1, Math.max(0, x + step[0]!)),
      Math.min(height - 1, Math.max(0, y + step[1]!)),
    ];
  };
  const title = isMap
    ? text.map(choice.index)
    : isLast
      ? text.probability(nameOf(choice.index))
      : text.unit(choice.index);
  return (
    <aside class="inside-detail" aria-label={title}>
      <p class="inside-title">
        <b>{title}</b>
        {isMap && <span>{text.place(x, y)}</span>}
        <button
          type="button"
          class="link"
          onClick={() => {
            chosen.value = null;
          }}
        >
          {text.close}
        </button>
      </p>
      {isMap && (
        <>
          <div
            class="enlarged"
            role="slider"
            tabIndex={0}
            aria-label={text.choosePlace}
            aria-valuenow={y * width + x}
            aria-valuetext={text.place(x, y)}
            onPointerMove={point}
            onPointerDown={point}
            onKeyDown={move}
          >
            <Picture
              width={width}
              height={height}
              value={(x, y) => now.values[(y * width + x) * count + choice.index]!}
              full={largest(now.values)}
              label={title}
            />
            <i
              style={{
                left: `${(100 * x) / width}%`,
                top: `${(100 * y) / height}%`,
                width: `${100 / width}%`,
                height: `${100 / height}%`,
              }}
            />
          </div>
          <p class="hint">{text.choosePlace}</p>
        </>
      )}
      {sum ? (
        <Terms sum={sum} from={from} activation={activation} value={now.values[index]!} />
      ) : (
        isMap && kind in text.pooled && <p>{text.pooled[kind]}</p>
      )}
      {!isLast && digit !== undefined && change !== undefined && (
        <p>{text.gradient(nameOf(digit), number(change))}</p>
      )}
    </aside>
  );
}
