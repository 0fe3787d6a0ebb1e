import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { hundredths, lossText } from '../format';
import { history, historyVersion } from '../state/curves';
import { run } from '../state/session';
import { settings } from '../state/settings';
import { theme, token } from '../state/theme';
import { words } from '../words';

interface Kind {
  title: () => string;
  unit: () => string;
  label: () => string;
  /** What is drawn upwards: the loss itself, or the share of errors with the axis turned round. */
  train: () => number[];
  test: () => number[];
  write: (value: number) => string;
  upsideDown: boolean;
  ticks: number[];
  /** The range of values before anything came. */
  usual: [number, number];
}

/** Fewer errors than one in two thousand are drawn as that: a log scale has no zero. */
const LEAST_ERROR = 0.0005;
const errors = (accuracies: number[]) => accuracies.map((accuracy) => Math.max(LEAST_ERROR, 1 - accuracy));

const lossKind: Kind = {
  title: () => words.value.charts.loss,
  unit: () => words.value.charts.lossUnit,
  label: () => words.value.charts.lossLabel,
  train: () => history.loss,
  test: () => history.testLoss,
  write: lossText,
  upsideDown: false,
  ticks: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100, 1e3, 1e4, 1e6, 1e9],
  usual: [0.05, 2.5],
};

const accuracyKind: Kind = {
  title: () => words.value.charts.accuracy,
  unit: () => words.value.charts.accuracyUnit,
  label: () => words.value.charts.accuracyLabel,
  train: () => errors(history.accuracy),
  test: () => errors(history.testAccuracy),
  write: (error) => `${hundredths(1 - error, error < 0.01 ? 1 : error < 0.1 ? 1 : 0)} %`,
  upsideDown: true,
  ticks: [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001],
  usual: [0.01, 1],
};

const finite = (values: number[]) =>
  values.map((value) => (Number.isFinite(value) && value > 0 ? value : null));

/** Both lines on one axis of epochs. */
function table(kind: Kind): uPlot.AlignedData {
  return uPlot.join([
    [history.x, finite(kind.train())],
    [history.testX, finite(kind.test())],
  ]);
}

/** A hundredth of the axis to either side: shorter ups and downs are chance. */
const SMOOTHING = 0.01;

/** Single batches jump about: this line is the mean of what lies around each point, evenly on both sides of it. */
function smooth(x: ArrayLike<number>, values: readonly (number | null | undefined)[]): (number | null)[] {
  const at: number[] = [];
  const sums = [0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    at.push(i);
    sums.push(sums.at(-1)! + value);
  }
  const line: (number | null)[] = values.map(() => null);
  let [from, to] = [0, 0];
  for (const i of at) {
    const reach = Math.min(SMOOTHING * lastEpoch(), x[i]! - x[at[0]!]!);
    while (x[at[from]!]! < x[i]! - reach) from += 1;
    while (to < at.length && x[at[to]!]! <= x[i]! + reach) to += 1;
    line[i] = (sums[to]! - sums[from]!) / (to - from);
  }
  return line;
}

/** Where the axis ends: at the last epoch asked for, or further if training went on. */
const lastEpoch = () => Math.max(settings.value.epochs, run.value?.epochs ?? 0, history.x.at(-1) ?? 0);

/** Names stand at the lines' ends instead of in a legend. */
function nameLines(chart: uPlot): void {
  const { train, test } = words.value.charts;
  const { ctx } = chart;
  const ends = [2, 3].flatMap((series) => {
    const values = chart.data[series]!;
    const last = values.findLastIndex((value) => value !== null && value !== undefined);
    if (last < 0) return [];
    const y = chart.valToPos(values[last]!, 'y', true);
    const x = chart.valToPos(chart.data[0][last]!, 'x', true);
    return [{ text: series === 3 ? test : train, colour: token(series === 3 ? 'accent' : 'muted'), x, y }];
  });
  const { top, height } = chart.bbox;
  const line = 15 * devicePixelRatio;
  const [first, second] = ends.sort((a, b) => a.y - b.y);
  if (first && second && second.y - first.y < line) {
    const middle = (first.y + second.y) / 2;
    const lowest = top + height - line / 2;
    second.y = Math.min(Math.max(middle, top + line) + line / 2, lowest);
    first.y = second.y - line;
  }
  const end = Math.max(...ends.map(({ x }) => x)) + 6 * devicePixelRatio;
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px ${token('font')}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { text, colour, y } of ends) {
    ctx.fillStyle = colour;
    ctx.fillText(text, end, Math.min(Math.max(y, top + 6), top + height - 6));
  }
  ctx.restore();
}

function options(kind: Kind, width: number, height: number, follow: (text: string) => void): uPlot.Options {
  const axis = (more: uPlot.Axis): uPlot.Axis => ({
    stroke: () => token('muted'),
    font: `12px ${token('font')}`,
    grid: { stroke: () => token('line'), width: 1 },
    ticks: { show: false },
    ...more,
  });
  return {
    width,
    height,
    padding: [10, 58, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: {
        time: false,
        range: () => [0, lastEpoch()],
      },
      y: {
        distr: 3,
        dir: kind.upsideDown ? -1 : 1,
        range: (_, low, high) => {
          const [usualLow, usualHigh] = kind.usual;
          return [
            Math.min(usualLow, (low ?? usualLow) * 0.9),
            Math.max(usualHigh, (high ?? usualHigh) * (kind.upsideDown ? 1 : 1.1)),
          ];
        },
      },
    },
    axes: [
      axis({
        size: 24,
        gap: 4,
        splits: (chart) => epochTicks(chart.scales.x!.max ?? 1),
        values: (chart, ticks) =>
          ticks.map((tick, i) =>
            i === ticks.length - 1 && tick === chart.scales.x!.max
              ? `${words.value.charts.epoch} ${tick}`
              : String(tick),
          ),
        grid: { show: false },
      }),
      axis({
        size: 46,
        gap: 6,
        splits: (chart) => {
          const { min, max } = chart.scales.y!;
          let last = Number.POSITIVE_INFINITY;
          // Numbers need room: a tick closer than a line of text to the one before is left out.
          return kind.ticks.filter((tick) => {
            const y = chart.valToPos(tick, 'y');
            if (tick < min! || tick > max! || Math.abs(y - last) < 17) return false;
            last = y;
            return true;
          });
        },
        filter: (_, ticks) => ticks,
        values: (_, ticks) =>
          ticks.map((tick) =>
            kind.upsideDown ? `${Number(((1 - tick) * 100).toFixed(1))} %` : lossTick(tick),
          ),
      }),
    ],
    series: [
      {},
      // Single lucky batches may leave the frame: the range follows the other two.
      { stroke: () => token('line-train'), width: 1, auto: false, points: { show: false }, spanGaps: true },
      { stroke: () => token('muted'), width: 1.5, points: { show: false }, spanGaps: true },
      {
        stroke: () => token('accent'),
        width: 2,
        spanGaps: true,
        points: { show: true, size: 6, width: 1, fill: () => token('accent'), stroke: () => token('panel') },
      },
    ],
    hooks: {
      draw: [nameLines],
      setCursor: [
        (chart) => {
          const at = chart.cursor.idx;
          if (at === null || at === undefined || (chart.cursor.left ?? -1) < 0) return follow('');
          const near = (series: number) => {
            const values = chart.data[series]!;
            for (let i = at; i >= 0; i--)
              if (values[i] !== null && values[i] !== undefined) return kind.write(values[i]!);
            return null;
          };
          follow(words.value.charts.at(chart.data[0][at]!.toFixed(2), near(2), near(3)));
        },
      ],
    },
  };
}

const lossTick = (tick: number) => (tick >= 1e4 ? tick.toExponential(0).replace('+', '') : String(tick));

function epochTicks(last: number): number[] {
  const every = Math.max(1, Math.ceil(last / 10));
  return Array.from({ length: Math.floor(last / every) + 1 }, (_, i) => i * every);
}

function Chart({ kind }: { kind: Kind }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const readout = useSignal('');

  const data = (): uPlot.AlignedData => {
    const [x, train, test] = table(kind);
    return [x, train!, smooth(x, train as (number | null)[]), test!];
  };

  useEffect(() => {
    const box = place.current!;
    const follow = (text: string) => {
      readout.value = text;
    };
    const made = new uPlot(
      options(kind, box.clientWidth || 300, box.clientHeight || 160, follow),
      data(),
      box,
    );
    chart.current = made;
    const watch = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = box;
      if (width && height) made.setSize({ width, height });
    });
    watch.observe(box);
    void document.fonts.ready.then(() => made.redraw());
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, []);

  useSignalEffect(() => {
    historyVersion.value;
    settings.value;
    theme.value;
    words.value;
    chart.current?.setData(data());
  });

  historyVersion.value;
  return (
    <figure class="chart">
      <figcaption>
        <h3>{kind.title()}</h3>
        <span class="chart-note">{readout.value || kind.unit()}</span>
      </figcaption>
      <div class="chart-place" ref={place} role="img" aria-label={kind.label()}>
        {history.x.length === 0 && <p class="chart-waiting">{words.value.charts.waiting}</p>}
      </div>
    </figure>
  );
}

export const LossChart = () => <Chart kind={lossKind} />;
export const AccuracyChart = () => <Chart kind={accuracyKind} />;
