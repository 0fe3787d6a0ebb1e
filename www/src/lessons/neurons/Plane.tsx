/** The plane with its points, on which one paints, and what the network says of each place. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { hold } from '../../parts/hold';
import { short } from '../parts/numbers';
import { contour } from './contour';
import { CELLS, chosen, points, repaint, shape, surfaces } from './model';
import { REACH } from './points';
import { middleOf, Surface } from './Surface';
import { lessonWords } from './words';

const brushes = ['one', 'zero', 'erase'] as const;
type Brush = (typeof brushes)[number];
/** How far apart painted points lie at least, and how near the eraser must come. */
const [APART, NEAR] = [0.16, 0.3];

const toX = (x: number) => (100 * (x + REACH)) / (2 * REACH);
const toY = (y: number) => (100 * (REACH - y)) / (2 * REACH);

/** A component of its own: while the network learns, points stay where they are. */
function Points() {
  return (
    <g>
      {points.value.map(({ x, y, label }, at) =>
        label === 1 ? (
          <circle key={at} class="point one" cx={toX(x)} cy={toY(y)} r="1.1" />
        ) : (
          <rect key={at} class="point zero" x={toX(x) - 1} y={toY(y) - 1} width="2" height="2" />
        ),
      )}
    </g>
  );
}

export function Plane() {
  const brush = useSignal<Brush>('one');
  const cursor = useSignal<[number, number] | null>(null);
  const said = useSignal('');
  const last = useRef<[number, number] | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const text = lessonWords.value.lab;
  const choice = chosen.value;
  const { activation, hidden } = shape.value;
  const network = surfaces.value.at(-1)?.[0];
  const unit = choice && surfaces.value[choice.layer]?.[choice.unit];

  function put(x: number, y: number): void {
    const all = points.peek();
    if (brush.value === 'erase') {
      const left = all.filter((point) => Math.hypot(point.x - x, point.y - y) > NEAR);
      if (left.length < all.length) repaint(left);
    } else repaint([...all, { x, y, label: brush.value === 'one' ? 1 : 0 }]);
    said.value = text.painted(text.brushes[brush.value], short(x), short(y), points.peek().length);
  }
  function paint(event: PointerEvent): void {
    const box = place.current!.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 2 * REACH - REACH;
    const y = REACH - ((event.clientY - box.top) / box.height) * 2 * REACH;
    if (Math.max(Math.abs(x), Math.abs(y)) > REACH) return;
    const before = last.current;
    if (before && Math.hypot(before[0] - x, before[1] - y) < APART) return;
    last.current = [x, y];
    put(x, y);
  }
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const [x, y] = cursor.value ?? [0, 0];
    if (step) {
      const within = (value: number) => Math.min(REACH, Math.max(-REACH, Math.round(value * 10) / 10));
      cursor.value = [within(x + step[0]! * 0.2), within(y + step[1]! * 0.2)];
      const cell = (share: number) => Math.min(CELLS - 1, Math.floor(share * (CELLS / 100)));
      const [cx, cy] = cursor.value;
      const answer = network?.[cell(toY(cy)) * CELLS + cell(toX(cx))] ?? 0.5;
      said.value = text.atPlace(short(cx), short(cy), Math.round(100 * answer));
    } else if (event.key === 'Enter') put(x, y);
    else return;
    event.preventDefault();
  }
  return (
    <figure class="lab-figure plane-figure">
      <figcaption>
        <h3>{choice ? text.unitOf(choice.layer + 1, choice.unit + 1) : text.plane}</h3>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
        <div class="brushes" role="group" aria-label={text.paint}>
          {brushes.map((name) => (
            <button
              key={name}
              type="button"
              class={`brush ${name}`}
              aria-pressed={brush.value === name}
              onClick={() => {
                brush.value = name;
              }}
            >
              {name !== 'erase' && <i aria-hidden="true" />}
              {text.brushes[name]}
            </button>
          ))}
        </div>
      </figcaption>
      <div
        ref={place}
        class="plane"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: one paints on it, with keys too
        tabIndex={0}
        aria-label={text.planeLabel}
        data-part="plane"
        onPointerDown={(event) => {
          if (event.button !== 0 || !event.isPrimary) return;
          hold(event.currentTarget, event.pointerId);
          last.current = null;
          paint(event);
        }}
        onPointerMove={(event) => {
          if (event.isPrimary && event.currentTarget.hasPointerCapture(event.pointerId)) paint(event);
        }}
        onKeyDown={press}
        onBlur={() => {
          cursor.value = null;
        }}
      >
        {unit ? (
          <Surface values={unit} middle={middleOf(activation)} />
        ) : (
          <Surface values={network} middle={0.5} />
        )}
        <svg viewBox="0 0 100 100" aria-hidden="true">
          {network && <path class="border" d={contour(network, CELLS, 0.5)} />}
          {unit && choice.layer < hidden.length && (
            <path
              class="unit-line"
              d={contour(unit, CELLS, activation === 'relu' ? 1e-3 : middleOf(activation))}
            />
          )}
          <Points />
          {cursor.value && (
            <path class="cursor" d={`M${toX(cursor.value[0]) - 3} ${toY(cursor.value[1])}h6m-3 -3v6`} />
          )}
        </svg>
      </div>
      <p class="for-ears" role="status">
        {said.value}
      </p>
      <p class="hint">{text.planeHint}</p>
    </figure>
  );
}
