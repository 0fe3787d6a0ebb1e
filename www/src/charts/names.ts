/** The names of a chart's lines. */
import type uPlot from 'uplot';
import { token } from '../state/theme';
import { words } from '../words';

/** Names stand at the lines' ends instead of in a legend, one below the other where lines end close together. */
export function nameLines(chart: uPlot): void {
  const { charts, experiment } = words.value;
  const { ctx } = chart;
  const names: [series: number, text: string, colour: string][] = [
    [2, charts.train, 'muted'],
    [3, charts.test, 'accent'],
    [4, experiment.line, 'muted'],
  ];
  const ends = names.flatMap(([series, text, colour]) => {
    const values = chart.data[series] ?? [];
    const last = values.findLastIndex((value) => value !== null && value !== undefined);
    if (last < 0) return [];
    const y = chart.valToPos(values[last]!, 'y', true);
    const x = chart.valToPos(chart.data[0][last]!, 'x', true);
    return [{ text, colour: token(colour), x, y, isPresent: series !== 4 }];
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
  const room = chart.ctx.canvas.width - 4 * size;
  ctx.save();
  ctx.font = `${size}px ${token('font')}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { text, colour, x, y } of ends) {
    ctx.fillStyle = colour;
    ctx.fillText(text, Math.min(x + size / 2, room), y);
  }
  ctx.restore();
}

/** Text on canvases follows the browser's size of text, as all lengths do. */
export const textSize = (): number =>
  0.75 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
