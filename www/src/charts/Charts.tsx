import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { made } from '../state/adjusting';
import { history, historyVersion } from '../state/curves';
import { oncePerFrame } from '../state/frame';
import { MOST_KEPT, present, runs } from '../state/runs';
import { allEpochs } from '../state/session';
import { theme, token } from '../state/theme';
import { words } from '../words';
import { lastEpoch, shownRuns } from './axis';
import { accuracyKind, type Kind, lossKind } from './kinds';
import { smooth, table } from './lines';
import { markChanges } from './marks';
import { markPresent, nameLines, textSize, turnedTo } from './names';

/** Runs beside the present one are told apart by their names, and by the rhythm of their lines. */
const DASHES = Array.from(
  { length: MOST_KEPT },
  (_, at) =>
    [
      [5, 4],
      [1, 3],
      [10, 4],
      [8, 3, 1, 3],
      [3, 2],
      [2, 6],
    ][at % 6]!,
);

function options(kind: Kind, width: number, height: number, follow: (text: string) => void): uPlot.Options {
  const size = textSize();
  const axis = (more: uPlot.Axis): uPlot.Axis => ({
    stroke: () => token('muted'),
    font: `${size}px ${token('font')}`,
    grid: { stroke: () => token('line'), width: 1 },
    ticks: { show: false },
    ...more,
  });
  return {
    width,
    height,
    padding: [10, 4.8 * size, 0, 0],
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
        size: 2 * size,
        gap: 4,
        splits: (chart) => epochTicks(chart.scales.x!.max ?? 1),
        values: (chart, ticks) =>
          ticks.map((tick, i) =>
            i === ticks.length - 1 && tick > chart.scales.x!.max! - 1
              ? words.value.charts.epoch(tick)
              : String(tick),
          ),
        grid: { show: false },
      }),
      axis({
        size: 3.8 * size,
        gap: 6,
        splits: (chart) => {
          const { min, max } = chart.scales.y!;
          let last = Number.POSITIVE_INFINITY;
          // Numbers need room: a tick closer than a line of text to the one before is left out.
          return kind.ticks.filter((tick) => {
            const y = chart.valToPos(tick, 'y');
            if (tick < min! || tick > max! || Math.abs(y - last) < 1.4 * size) return false;
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
      // The values of single batches may leave the frame: the range follows the smoothed curve and the tests.
      { stroke: () => token('line-train'), width: 1, auto: false, points: { show: false }, spanGaps: true },
      { stroke: () => token('muted'), width: 1.5, points: { show: false }, spanGaps: true },
      {
        stroke: () => token('accent'),
        width: 2,
        spanGaps: true,
        points: { show: true, size: 6, width: 1, fill: () => token('accent'), stroke: () => token('panel') },
      },
      // A series for each earlier run that may be shown beside this one; it has no values as long as there is none.
      ...DASHES.map(
        (dash): uPlot.Series => ({
          stroke: () => token('muted'),
          width: 1.5,
          dash,
          points: { show: false },
          spanGaps: true,
        }),
      ),
    ],
    hooks: {
      draw: [nameLines, markChanges, markPresent],
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
    const [x, train, test, ...beside] = table(kind);
    const absent = Array.from(x, () => null);
    const others = DASHES.map((_, at) => beside[at] ?? absent);
    return [x, train!, smooth(x, train as (number | null)[]), test!, ...others];
  };
  /** The language in which the axes are written: uPlot writes them anew only when it is told to. */
  const written = useRef(words.peek());
  const redraw = useMemo(
    () =>
      oncePerFrame(() => {
        const [made, box] = [chart.current, place.current];
        if (!made || !box) return;
        const { clientWidth: width, clientHeight: height } = box;
        // Size and values change together, so that the chart is drawn once.
        made.batch(() => {
          if (width && height && (width !== made.width || height !== made.height))
            made.setSize({ width, height });
          made.setData(data());
          if (written.current !== words.peek()) made.redraw(true, true);
          written.current = words.peek();
        });
      }),
    [],
  );

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
      if (box.clientWidth !== made.width || box.clientHeight !== made.height) redraw();
    });
    watch.observe(box);
    void document.fonts.ready.then(redraw);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, []);

  useSignalEffect(() => {
    historyVersion.value;
    allEpochs.value;
    runs.value;
    present.value;
    turnedTo();
    made.value;
    theme.value;
    words.value;
    redraw();
  });

  historyVersion.value;
  // Runs beside this one may have their lines there before it has any of its own.
  const isBlank = history.x.length === 0 && !shownRuns().some(({ history }) => history.testX.length > 0);
  const newest = [history.x.at(-1), history.testX.at(-1)].filter((x) => x !== undefined);
  const write = (values: number[]) => (values.length > 0 ? kind.write(values.at(-1)!) : null);
  return (
    <figure class="chart">
      <figcaption>
        <h3>{kind.title()}</h3>
        <span class="chart-note">{readout.value || kind.unit()}</span>
      </figcaption>
      <div
        class="chart-place"
        ref={place}
        role="img"
        aria-label={
          newest.length > 0
            ? words.value.sentences(
                kind.label(),
                words.value.charts.at(
                  Math.max(...newest).toFixed(2),
                  write(kind.train(history)),
                  write(kind.test(history)),
                ),
              )
            : kind.label()
        }
      >
        {isBlank && <p class="chart-waiting">{words.value.charts.waiting}</p>}
      </div>
    </figure>
  );
}

export const LossChart = () => <Chart kind={lossKind} />;
export const AccuracyChart = () => <Chart kind={accuracyKind} />;
