import type { ComponentChildren } from 'preact';
import { largest, Picture } from '../../inside/Picture';
import { DigitCaption } from '../DigitCaption';
import type { Field } from './convolution';
import { isCut, kernel, map, moveTo, type Preset, picture, place, preset, presets, products } from './kernel';
import { number } from './number';
import { Square, Weights } from './Square';
import { lessonWords } from './words';

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Numbers in rows, over which a window is moved: under a finger, by mouse or by arrow keys. */
export function Movable({
  field,
  full,
  part,
  label,
  size,
  children,
}: {
  field: Field;
  full: number;
  part: string;
  label: string;
  /** The window's, in cells. */
  size: number;
  children?: ComponentChildren;
}) {
  const text = lessonWords.value.lab.slide;
  const [x, y] = place.value;
  const { width, height, values } = field;
  const point = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const reach = (size - 1) / 2;
    moveTo(
      Math.floor(((event.clientX - box.left) / box.width) * width - reach),
      Math.floor(((event.clientY - box.top) / box.height) * height - reach),
    );
  };
  return (
    <div
      class="movable"
      role="slider"
      tabIndex={0}
      data-part={part}
      aria-label={label}
      aria-valuenow={y * width + x}
      aria-valuemin={0}
      aria-valuemax={width * height - 1}
      aria-valuetext={text.at(x, y, number(products.value?.sum ?? 0))}
      onPointerDown={point}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse' || event.buttons > 0) point(event);
      }}
      onKeyDown={(event) => {
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        moveTo(x + step[0], y + step[1]);
      }}
    >
      <Picture width={width} height={height} value={(x, y) => values[y * width + x]!} full={full} label="" />
      <i
        style={{
          left: `${(100 * x) / width}%`,
          top: `${(100 * y) / height}%`,
          width: `${(100 * size) / width}%`,
          height: `${(100 * size) / height}%`,
        }}
      />
      {children}
    </div>
  );
}

/** The products of the window, where they lie, and their sum. */
function Products() {
  const text = lessonWords.value.lab.slide;
  const found = products.value;
  const { size, values } = kernel.value;
  if (!found) return null;
  const total = number(found.sum);
  return (
    <div class="products" data-part="products">
      <h4>{text.products(values.length)}</h4>
      <Square size={size} values={found.products}>
        {(at) => (
          <>
            {size === 3 && (
              <span>
                {number(found.pixels[at]!)} × {number(values[at]!)}
              </span>
            )}
            <b data-part="product" data-value={found.products[at]}>
              {number(found.products[at]!)}
            </b>
          </>
        )}
      </Square>
      <p class="sum" data-part="sum" data-value={found.sum}>
        {text.sum} = <b>{total}</b>
        {isCut.value && (
          <>
            , {text.cutTo} <b>{number(Math.max(0, found.sum))}</b>
          </>
        )}
      </p>
    </div>
  );
}

/** The kernel, the digit that it slides over, and the map that it makes. */
export function Slide() {
  const text = lessonWords.value.lab.slide;
  const [from, made] = [picture.value, map.value];
  const { size } = kernel.value;
  const [x, y] = place.value;
  return (
    <section class="exhibit" aria-labelledby="slide-heading" data-part="slide">
      <h3 id="slide-heading">{text.heading}</h3>
      <div class="slide-body">
        <figure>
          {from && <Movable field={from} full={1} part="slide-picture" label={text.picture} size={size} />}
          <DigitCaption />
        </figure>
        <figure>
          {made && (
            <Movable field={made} full={largest(made.values)} part="slide-map" label={text.map} size={1} />
          )}
          <figcaption data-part="map-value" data-value={made ? made.values[y * made.width + x] : ''}>
            {made && text.mapCaption(made.width, made.height)}
          </figcaption>
        </figure>
        <div class="kernel">
          <h4>{text.kernel}</h4>
          <Weights />
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
          <div class="kernel-presets" role="group" aria-label={text.presetsLabel}>
            {(Object.keys(presets) as Preset[]).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={preset.value === name}
                data-part={`kernel-${name}`}
                onClick={() => {
                  kernel.value = { size: 3, values: [...presets[name]] };
                }}
              >
                {text.presets[name]}
              </button>
            ))}
          </div>
        </div>
        <Products />
      </div>
      <label class="exhibit-check">
        <input
          type="checkbox"
          data-part="cut"
          checked={isCut.value}
          onChange={(event) => {
            isCut.value = event.currentTarget.checked;
          }}
        />
        {text.cut}
      </label>
    </section>
  );
}
