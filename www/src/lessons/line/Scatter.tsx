import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { hold } from '../../parts/hold';
import { Axes } from '../parts/Axes';
import { short } from '../parts/numbers';
import { plotHeight, useWidth } from '../parts/size';
import { AREA, houses, moveHouse, PRICE, reckoned, weights } from './model';
import { lessonWords } from './words';

const EDGE = { left: 34, right: 10, top: 26, bottom: 34 };
const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-0.05, 0],
  ArrowRight: [0.05, 0],
  ArrowUp: [0, 0.1],
  ArrowDown: [0, -0.1],
};

/** The houses, the line, and how far it misses each of them. Houses are dragged, or moved by arrow keys. */
export function Scatter() {
  const place = useRef<HTMLDivElement>(null);
  const picture = useRef<SVGSVGElement>(null);
  const dragged = useSignal<number | null>(null);
  const width = useWidth(place);
  const height = plotHeight(width);
  const text = lessonWords.value.lab;
  const span = { x: width - EDGE.left - EDGE.right, y: height - EDGE.top - EDGE.bottom };
  const toX = (area: number) => EDGE.left + (area / AREA.high) * span.x;
  const toY = (price: number) => EDGE.top + (1 - price / PRICE.high) * span.y;
  const { w, b } = weights.value;
  const { predictions } = reckoned.value;
  const far = (value: number) => Math.min(1e5, Math.max(-1e5, value));

  const drag = (event: PointerEvent) => {
    if (dragged.value === null) return;
    const box = picture.current!.getBoundingClientRect();
    const area = ((event.clientX - box.left - EDGE.left) / span.x) * AREA.high;
    const price = (1 - (event.clientY - box.top - EDGE.top) / span.y) * PRICE.high;
    moveHouse(dragged.value, [area, price]);
  };
  const letGo = () => {
    dragged.value = null;
  };
  const press = (at: number) => (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [area, price] = houses.value[at]!;
    moveHouse(at, [area + step[0], price + step[1]]);
  };
  return (
    <figure class="lab-figure">
      <figcaption>
        <h3>{text.scatter}</h3>
        <span class="hint">{text.drag}</span>
      </figcaption>
      <div ref={place}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
        <svg
          ref={picture}
          class="scatter"
          width={width}
          height={height}
          role="group"
          aria-label={text.scatterLabel}
          onPointerMove={drag}
          onPointerUp={letGo}
          onPointerCancel={letGo}
        >
          <clipPath id="scatter-inside">
            <rect x={EDGE.left} y={EDGE.top} width={span.x} height={span.y} />
          </clipPath>
          <Axes
            width={width}
            height={height}
            edge={EDGE}
            up={[0, 1, 2, 3, 4, 5].map((price) => [toY(price), price])}
            across={[0, 0.5, 1, 1.5, 2].map((area) => [toX(area), area])}
            hasLines
            nameUp={text.price}
            nameAcross={text.area}
          />
          <g clip-path="url(#scatter-inside)">
            {houses.value.map(([area, price], at) => (
              <line
                key={at}
                class="miss"
                x1={toX(area)}
                x2={toX(area)}
                y1={toY(price)}
                y2={far(toY(predictions[at] ?? 0))}
              />
            ))}
            <line
              class="fitted"
              x1={toX(0)}
              x2={toX(AREA.high)}
              y1={far(toY(b))}
              y2={far(toY(w * AREA.high + b))}
            />
          </g>
          {houses.value.map(([area, price], at) => (
            <g
              key={at}
              class="house"
              role="slider"
              tabindex={0}
              aria-label={text.house(at + 1)}
              aria-valuemin={PRICE.low}
              aria-valuemax={PRICE.high}
              aria-valuenow={price}
              aria-valuetext={text.houseValue(short(area), short(price), short(predictions[at] ?? 0))}
              onKeyDown={press(at)}
              onPointerDown={(event) => {
                if (dragged.value !== null || event.button !== 0) return;
                dragged.value = at;
                hold(picture.current!, event.pointerId);
                event.preventDefault();
                (event.currentTarget as SVGGElement).focus();
              }}
            >
              <circle class="reach" cx={toX(area)} cy={toY(price)} r={20} />
              <circle class="dot" cx={toX(area)} cy={toY(price)} r={6} />
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}
