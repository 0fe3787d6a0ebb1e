/** What is written and drawn on a chart besides its lines: their names, and where the page stands in time. */
import type uPlot from 'uplot';
import { epochsAt } from '../state/curves';
import { session } from '../state/session';
import { token } from '../state/theme';
import { isTurnedBack, placeOf } from '../state/timeline';
import { wanted } from '../state/turn';
import { nameOf } from '../time/name';
import { words } from '../words';
import { shownRuns } from './axis';

/** Longer names have no room behind a line. */
const MOST_LETTERS = 9;
const short = (name: string): string =>
  name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;

/** Names stand at the lines' ends instead of in a legend, one below the other where lines end close together. */
export function nameLines(chart: uPlot): void {
  const { charts } = words.value;
  const { ctx } = chart;
  const names: [series: number, text: string, colour: string][] = [
    [2, charts.train, 'muted'],
    [3, charts.test, 'accent'],
    ...shownRuns().map((kept, at): [number, string, string] => [4 + at, short(nameOf(kept)), 'muted']),
  ];
  const ends = names.flatMap(([series, text, colour]) => {
    const values = chart.data[series] ?? [];
    const last = values.findLastIndex((value) => value !== null && value !== undefined);
    if (last < 0) return [];
    const y = chart.valToPos(values[last]!, 'y', true);
    const x = chart.valToPos(chart.data[0][last]!, 'x', true);
    return [{ text, colour: token(colour), x, y, isPresent: series < 4 }];
  });
  // The present run's lines end one before the other: their names stand behind both.
  const end = Math.max(...ends.filter(({ isPresent }) => isPresent).map(({ x }) => x));
  for (const line of ends) if (line.isPresent) line.x = end;
  const { top, height } = chart.bbox;
  const size = textSize() * devicePixelRatio;
  const line = 1.25 * size;
  ends.sort((one, other) => one.y - other.y);
  let lowest = top - line / 2;
  for (const end of ends) {
    end.y = Math.max(end.y, lowest + line);
    lowest = end.y;
  }
  let highest = top + height + line / 2;
  for (const end of ends.toReversed()) {
    end.y = Math.min(end.y, highest - line);
    highest = end.y;
  }
  ctx.save();
  ctx.font = `${size}px ${token('font')}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { text, colour, x, y } of ends) {
    const wide = ctx.measureText(text).width;
    const left = Math.min(x + size / 2, ctx.canvas.width - wide - size / 4);
    // Lines of other runs that go on behind a name would strike it through.
    ctx.fillStyle = token('panel');
    ctx.globalAlpha = 0.8;
    ctx.fillRect(left - size / 6, y - size / 2, wide + size / 3, size);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colour;
    ctx.fillText(text, left, y);
  }
  ctx.restore();
}

/** Where the page stands on the axis of epochs, if that is not the newest step. */
export function turnedTo(): number | null {
  if (wanted.value) return placeOf(wanted.value);
  const { run, origin } = session.value;
  if (!isTurnedBack.value) return null;
  return run ? epochsAt(run.step, run.batches, origin) : origin.epoch;
}

/** A line across the chart where the page stands; what lies behind it is still to come, or comes again. */
export function markPresent(chart: uPlot): void {
  const place = turnedTo();
  if (place === null) return;
  const { ctx } = chart;
  const { top, left, width, height } = chart.bbox;
  const x = Math.round(chart.valToPos(place, 'x', true));
  ctx.save();
  ctx.fillStyle = token('panel');
  ctx.globalAlpha = 0.6;
  ctx.fillRect(x, top, left + width - x, height);
  ctx.globalAlpha = 1;
  ctx.fillStyle = token('ink');
  ctx.fillRect(x - devicePixelRatio / 2, top, devicePixelRatio, height);
  ctx.restore();
}

/** Text on canvases follows the browser's size of text, as all lengths do. */
export const textSize = (): number =>
  0.75 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
