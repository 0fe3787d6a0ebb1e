/** How the pad looks: strokes as ink, a test digit as its pixels. */
import type { Stroke } from 'mapling/trainer';

/** The pen's width, as a share of the pad's. */
const PEN = 0.052;

/** What draws on a sheet of this size in this colour. */
export function prepare(ink: CanvasRenderingContext2D, size: number, colour: string): void {
  ink.clearRect(0, 0, size, size);
  ink.lineCap = 'round';
  ink.lineJoin = 'round';
  ink.lineWidth = size * PEN;
  ink.strokeStyle = ink.fillStyle = colour;
}

/** A path of many more points takes browsers far longer than its pieces do. */
const PIECE = 1000;

/** Curves through the middles between points, so that a fast hand still draws a round line. One point is a dot. */
export function inkStroke(ink: CanvasRenderingContext2D, stroke: Stroke): void {
  const [first, ...rest] = stroke;
  if (!first) return;
  ink.beginPath();
  if (rest.length === 0) {
    // A line of no length leaves no ink.
    ink.arc(...first, ink.lineWidth / 2, 0, 2 * Math.PI);
    ink.fill();
    return;
  }
  ink.moveTo(...first);
  let [x, y] = first;
  rest.forEach(([nextX, nextY], at) => {
    const middle: [number, number] = [(x + nextX) / 2, (y + nextY) / 2];
    ink.quadraticCurveTo(x, y, ...middle);
    [x, y] = [nextX, nextY];
    if (at % PIECE < PIECE - 1) return;
    ink.stroke();
    ink.beginPath();
    ink.moveTo(...middle);
  });
  ink.lineTo(x, y);
  ink.stroke();
}

export function inkPixels(ink: CanvasRenderingContext2D, pixels: ArrayLike<number>, size: number): void {
  const cell = size / 28;
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] === 0) continue;
    ink.globalAlpha = pixels[i]! / 255;
    const [left, top] = [Math.round((i % 28) * cell), Math.round(Math.floor(i / 28) * cell)];
    ink.fillRect(left, top, Math.ceil(cell), Math.ceil(cell));
  }
  ink.globalAlpha = 1;
}
