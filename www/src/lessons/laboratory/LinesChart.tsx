/** Lines of experiments, each named where it ends. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export interface Line {
  name: string;
  x: readonly number[];
  y: readonly number[];
  /** Lines differ in colour and in how they are dashed. */
  tone: 0 | 1 | 2 | 3;
}

interface Axis {
  title: string;
  /** Where it has numbers. */
  ticks: readonly number[];
  write: (value: number) => string;
  isLog?: boolean;
}

interface ChartProps {
  title: string;
  /** What a screen reader hears instead of the lines. */
  label: string;
  lines: readonly Line[];
  x: Axis & { end: number };
  y: Axis & { from: number; to: number };
  /** What stands there before anything has run. */
  waiting: string;
}

const HEIGHT = 220;
const [LEFT, TOP, BOTTOM] = [52, 12, 28];
/** Names of lines need room, at the right. */
const RIGHT = 104;
/** Names closer than this would cover each other. */
const APART = 15;
/** About how wide a digit is. */
const DIGIT = 8;
/** More points than this say nothing more. */
const MOST = 300;

function thinned<Value>(values: readonly Value[]): Value[] {
  const every = Math.ceil(values.length / MOST);
  return values.filter((_, at) => at % every === 0 || at === values.length - 1);
}

/** Moves places apart that are too close, in their order, within the chart. */
function apart(places: number[]): number[] {
  const order = places.map((_, at) => at).sort((one, other) => places[one]! - places[other]!);
  const moved = [...places];
  let lowest = TOP;
  for (const at of order) {
    moved[at] = Math.max(moved[at]!, lowest);
    lowest = moved[at]! + APART;
  }
  let highest = HEIGHT - BOTTOM;
  for (const at of order.reverse()) {
    moved[at] = Math.min(moved[at]!, highest);
    highest = moved[at]! - APART;
  }
  return moved;
}

export function LinesChart({ title, label, lines, x, y, waiting }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const width = useSignal(480);
  useEffect(() => {
    const watch = new ResizeObserver(([now]) => {
      width.value = Math.max(240, Math.floor(now!.contentRect.width));
    });
    watch.observe(place.current!);
    return () => watch.disconnect();
  }, []);
  const along = (share: number, from: number, to: number): number => from + share * (to - from);
  const scaled = (value: number, { isLog }: Axis): number => (isLog ? Math.log(value) : value);
  const atX = (value: number): number => along(value / x.end, LEFT, width.value - RIGHT);
  const atY = (value: number): number => {
    const [low, high] = [scaled(y.from, y), scaled(y.to, y)];
    const share = (scaled(Math.min(y.to, Math.max(y.from, value)), y) - low) / (high - low);
    return along(share, HEIGHT - BOTTOM, TOP);
  };
  const end = x.ticks.at(-1)!;
  const half = (tick: number): number => (DIGIT * x.write(tick).length) / 2;
  const drawn = lines.filter((line) => line.x.length > 0);
  const names = apart(drawn.map((line) => atY(line.y.at(-1)!)));
  return (
    <figure class="lines" data-part="lines">
      <figcaption>
        <h4>{title}</h4>
      </figcaption>
      <div ref={place} class="lines-place">
        <svg role="img" aria-label={label} width={width.value} height={HEIGHT}>
          {y.ticks.map((tick) => (
            <g key={`y${tick}`} class="lines-tick">
              <line x1={LEFT} x2={width.value - RIGHT} y1={atY(tick)} y2={atY(tick)} />
              <text x={LEFT - 6} y={atY(tick)} text-anchor="end" dominant-baseline="middle">
                {y.write(tick)}
              </text>
            </g>
          ))}
          {x.ticks
            .filter((tick) => tick === end || atX(tick) + half(tick) < atX(end) - half(end))
            .map((tick) => (
              <text key={`x${tick}`} class="lines-number" x={atX(tick)} y={HEIGHT - 8} text-anchor="middle">
                {x.write(tick)}
              </text>
            ))}
          <text class="lines-number" x={atX(end) + half(end) + 4} y={HEIGHT - 8}>
            {x.title}
          </text>
          {drawn.map((line, at) => (
            <g key={line.name} class="lines-line" data-tone={line.tone}>
              <polyline
                points={thinned(
                  line.x.map((value, i) => `${atX(value).toFixed(1)},${atY(line.y[i]!).toFixed(1)}`),
                ).join(' ')}
              />
              <text
                x={Math.min(atX(line.x.at(-1)!) + 6, width.value - RIGHT + 6)}
                y={names[at]}
                dominant-baseline="middle"
              >
                {line.name}
              </text>
            </g>
          ))}
        </svg>
        {drawn.length === 0 && <p class="chart-waiting">{waiting}</p>}
      </div>
    </figure>
  );
}
