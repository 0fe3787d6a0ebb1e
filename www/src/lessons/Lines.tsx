/** Lines over the steps of a sequence, named where they end: a picture for the eye, with a sentence for the ear. */

export interface Line {
  name: string;
  /** From the bottom, 0, to the top, 1. */
  values: ArrayLike<number>;
  /** The one that the picture is about. */
  isMain?: boolean;
  isDashed?: boolean;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [320, 160, 36, 58, 16, 22];

/** So far apart are names at the right edge, at least. */
const GAP = 15;

/** Heights of names at the edge, none over another and none below the picture. */
function spread(heights: number[]): number[] {
  const order = heights.map((_, at) => at).sort((one, other) => heights[one]! - heights[other]!);
  const found = [...heights];
  order.forEach((at, place) => {
    if (place > 0) found[at] = Math.max(found[at]!, found[order[place - 1]!]! + GAP);
  });
  [...order].reverse().forEach((at, place) => {
    found[at] = Math.min(found[at]!, HEIGHT - BOTTOM + 3 - place * GAP);
  });
  return found;
}

interface Place {
  x: number;
  y: number;
}

/** Places of names of about a letter, each above those that it would cover. */
function stacked(places: readonly Place[]): Place[] {
  const taken: Place[] = [];
  for (const place of places) {
    const covers = ({ x, y }: Place) => Math.abs(x - free.x) < 10 && Math.abs(y - free.y) < GAP - 3;
    let free = place;
    for (let other = taken.find(covers); other; other = taken.find(covers))
      free = { x: free.x, y: other.y - GAP + 3 };
    taken.push(free);
  }
  return taken;
}

/** The place of the largest value. */
const peakOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, at, all) => (value > all[best]! ? at : best), 0);

export function Lines({
  lines,
  steps,
  mark,
  label,
  from,
  to,
  axis = ['0', '1'],
  namedAt = 'end',
}: {
  lines: Line[];
  steps: number;
  /** The step that is looked at. */
  mark?: number;
  label: string;
  /** What stands under the first and the last step. */
  from: string;
  to: string;
  axis?: [low: string, high: string];
  /** Whether names stand where lines end or where they are highest. */
  namedAt?: 'end' | 'peak';
}) {
  const x = (step: number) => LEFT + ((WIDTH - LEFT - RIGHT) * step) / Math.max(1, steps - 1);
  const y = (value: number) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.min(1, Math.max(0, value));
  const named = lines.filter(({ name, values }) => name && values.length > 0);
  const ends = spread(named.map(({ values }) => y(values[values.length - 1]!) + 3));
  const peaks = stacked(
    named.map(({ values }) => {
      const peak = peakOf(values);
      return { x: x(peak) + 2, y: y(values[peak]!) - 3 };
    }),
  );
  const placeOf = (at: number): Place =>
    namedAt === 'end' ? { x: WIDTH - RIGHT + 5, y: ends[at]! } : peaks[at]!;
  return (
    <svg class="step-lines" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {[0, 0.5, 1].map((level) => (
        <line key={level} class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(level)} y2={y(level)} />
      ))}
      <text class="axis" x={LEFT - 4} y={y(1) + 4} text-anchor="end">
        {axis[1]}
      </text>
      <text class="axis" x={LEFT - 4} y={y(0)} text-anchor="end">
        {axis[0]}
      </text>
      <text class="axis" x={LEFT} y={HEIGHT - 5}>
        {from}
      </text>
      <text class="axis" x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">
        {to}
      </text>
      {mark !== undefined && <line class="mark" x1={x(mark)} x2={x(mark)} y1={TOP} y2={HEIGHT - BOTTOM} />}
      {lines.map(({ name, values, isMain, isDashed }, at) => (
        <polyline
          key={at}
          class={isMain ? 'main' : undefined}
          stroke-dasharray={isDashed ? '4 3' : undefined}
          data-name={name}
          points={Array.from(values, (value, step) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(
            ' ',
          )}
        />
      ))}
      {named.map(({ name, isMain }, at) => (
        <text key={name} class={isMain ? 'main' : undefined} {...placeOf(at)}>
          {name}
        </text>
      ))}
    </svg>
  );
}
