/** Where a run was changed on the way: a thin line, and what was changed. */
import type uPlot from 'uplot';
import { made } from '../state/adjusting';
import { axis } from '../state/curves';
import { run } from '../state/session';
import { token } from '../state/theme';
import { words } from '../words';
import { textSize } from './names';

export function markChanges(chart: uPlot): void {
  const text = words.value.charts.changed;
  const { ctx } = chart;
  const { top, height, left, width } = chart.bbox;
  const size = 0.9 * textSize() * devicePixelRatio;
  const batches = run.peek()?.batches ?? 1;
  ctx.save();
  ctx.font = `${size}px ${token('font')}`;
  ctx.textBaseline = 'top';
  ctx.strokeStyle = ctx.fillStyle = token('muted');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  let [row, before] = [0, Number.NEGATIVE_INFINITY];
  for (const { step, ...change } of made.peek()) {
    const x = Math.round(chart.valToPos(axis.epochsAt(step, batches), 'x', true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    const said = Object.entries(change)
      .map(([name, value]) => `${text[name as keyof typeof text]} ${value}`)
      .join(', ');
    // Labels of changes that lie close together stand one below the other.
    row = x < before ? row + 1 : 0;
    const wide = ctx.measureText(said).width;
    const isRight = x + wide + size > left + width;
    ctx.textAlign = isRight ? 'right' : 'left';
    ctx.fillText(said, x + (isRight ? -0.4 : 0.4) * size, top + row * 1.3 * size);
    before = x + wide + size;
  }
  ctx.restore();
}
