import { largest, Picture } from '../../inside/Picture';
import { changed, moved, place, pooled, pooling, shift } from './kernel';
import { number } from './number';
import { Movable } from './Slide';
import { lessonWords } from './words';

const SIZES = [2, 3, 4];
const SHIFTS = [0, 1, 2, 3];

/** What pooling makes of the map. */
export function Pooling() {
  const text = lessonWords.value.lab.pool;
  const [before, after] = [moved.value, pooled.value];
  const { kind, size } = pooling.value;
  if (!before || !after) return null;
  const [x, y] = place.value;
  const [column, row] = [
    Math.min(after.width - 1, Math.floor(x / size)),
    Math.min(after.height - 1, Math.floor(y / size)),
  ];
  const inSquare = Array.from({ length: size * size }, (_, at) => {
    const [dx, dy] = [at % size, Math.floor(at / size)];
    return before.values[(row * size + dy) * before.width + column * size + dx]!;
  });
  const kept = after.values[row * after.width + column]!;
  const change = changed.value;
  return (
    <section class="exhibit" aria-labelledby="pool-heading" data-part="pooling">
      <h3 id="pool-heading">{text.heading}</h3>
      <div class="exhibit-controls">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
        <div class="exhibit-controls" role="group" aria-label={text.kindsLabel}>
          {(['max', 'average'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={kind === one}
              data-part={`pool-${one}`}
              onClick={() => {
                pooling.value = { ...pooling.peek(), kind: one };
              }}
            >
              {text.kinds[one]}
            </button>
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
        <div class="exhibit-controls" role="group" aria-label={text.size}>
          {SIZES.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={size === one}
              data-part={`pool-${one}`}
              onClick={() => {
                pooling.value = { ...pooling.peek(), size: one };
              }}
            >
              {one} × {one}
            </button>
          ))}
        </div>
        <p data-part="pool-numbers">{text.numbers(before.values.length, after.values.length)}</p>
      </div>
      <div class="pool-body">
        <figure>
          <Movable
            field={before}
            full={largest(before.values)}
            part="pool-map"
            label={text.map(size)}
            size={1}
          >
            <i
              class="pool-square"
              style={{
                left: `${(100 * column * size) / before.width}%`,
                top: `${(100 * row * size) / before.height}%`,
                width: `${(100 * size) / before.width}%`,
                height: `${(100 * size) / before.height}%`,
              }}
            />
          </Movable>
          <figcaption>{text.map(size)}</figcaption>
        </figure>
        <figure>
          <div class="movable still">
            <Picture
              width={after.width}
              height={after.height}
              value={(x, y) => after.values[y * after.width + x]!}
              full={largest(before.values)}
              label={text.after(after.width, after.height)}
            />
            <i
              style={{
                left: `${(100 * column) / after.width}%`,
                top: `${(100 * row) / after.height}%`,
                width: `${100 / after.width}%`,
                height: `${100 / after.height}%`,
              }}
            />
          </div>
          <figcaption data-part="pool-kept" data-value={kept} data-square={inSquare.join(' ')}>
            {text.after(after.width, after.height)}
          </figcaption>
        </figure>
      </div>
      <p class="unit-now">{text.square(inSquare.map(number).join(' · '), number(kept))}</p>
      <div class="exhibit-controls">
        <span id="shift-label">{text.shift}</span>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
        <div class="exhibit-controls" role="group" aria-labelledby="shift-label">
          {SHIFTS.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={shift.value === one}
              data-part={`shift-${one}`}
              onClick={() => {
                shift.value = one;
              }}
            >
              {text.pixels(one)}
            </button>
          ))}
        </div>
      </div>
      {change && (
        <p data-part="shift-changed" data-value={`${change.map} ${change.pooled}`} role="status">
          {text.changed(change.map, change.pooled)}
        </p>
      )}
    </section>
  );
}
