/** A card of one's result: the digit one drew, the accuracy, the curve, and the link that replays the run. */
import { count, hundredths } from '../format';
import { boxOf } from '../pad/box';
import { nameOf } from '../state/classes';
import { history } from '../state/curves';
import { digitsRead, isUnjudged, reading, shownTest, strokes } from '../state/drawing';
import { evaluation, run, session } from '../state/session';
import { IMAGE } from '../state/testset';
import { token } from '../state/theme';
import { shareWords } from './words';

/** As previews of links have it. */
export const WIDTH = 1200;
export const HEIGHT = 630;

/** The link that replays the run from its seed: settings stand in it, the lesson that is open does not. */
export function linkToRun(): string {
  const said = new URLSearchParams(location.hash.slice(1));
  said.delete('lesson');
  // A link that says nothing would be that of the page as anybody opens it.
  if (!said.has('seed')) said.set('seed', String(session.peek().settings.seed));
  return `${location.origin}${location.pathname}#${said}`;
}

/** Nothing is ever certain. */
const SUREST = 0.999;
const percent = (share: number): string =>
  share > SUREST ? `> ${hundredths(SUREST, 1)} %` : `${hundredths(share, 1)} %`;

/** What is on the pad, and what it is read as; null where nothing is. */
function readText(): string | null {
  const text = shareWords.value;
  if (!reading.value) return null;
  const read = digitsRead.value;
  // How sure it is says nothing while nobody knows whether this is a digit.
  if (read.length > 1 || isUnjudged.value) return text.several(read.map(({ digit }) => digit).join(', '));
  const [one] = read;
  if (!one) return text.none;
  const isMine = shownTest.value === null;
  return (isMine ? text.read : text.testRead)(nameOf(one.digit), percent(one.sure));
}

/** What the card says, for those who do not see it. */
export function cardText(): string {
  const text = shareWords.value;
  const share = run.value?.testAccuracy;
  return [share === undefined ? text.untested : text.accuracy(`${hundredths(share)} %`), readText()]
    .filter(Boolean)
    .join(' ');
}

type Pen = CanvasRenderingContext2D;

function write(
  pen: Pen,
  text: string,
  x: number,
  y: number,
  size: number,
  colour: string,
  weight = 400,
): void {
  pen.font = `${weight} ${size}px ${token('font')}`;
  pen.fillStyle = token(colour);
  pen.fillText(text, x, y);
}

/** The drawing as large as its frame allows, as strokes; a test digit as its pixels. */
function drawDigit(pen: Pen, left: number, top: number, side: number): void {
  pen.fillStyle = token('raised');
  pen.strokeStyle = token('line-strong');
  pen.lineWidth = 2;
  pen.beginPath();
  pen.roundRect(left, top, side, side, 12);
  pen.fill();
  pen.stroke();
  const lines = strokes.peek();
  const pixels = reading.peek()?.pixels;
  if (lines.length > 0) {
    const { left: x0, top: y0, right, bottom } = boxOf(lines);
    const [wide, high] = [right - x0, bottom - y0];
    const scale = (0.68 * side) / Math.max(wide, high, 1);
    const place = ([x, y]: [number, number]): [number, number] => [
      left + side / 2 + (x - x0 - wide / 2) * scale,
      top + side / 2 + (y - y0 - high / 2) * scale,
    ];
    pen.strokeStyle = token('ink');
    pen.lineWidth = side / 14;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    for (const line of lines) {
      pen.beginPath();
      for (const point of line) pen.lineTo(...place(point));
      // A line from a point to itself is a dot.
      if (line.length === 1) pen.lineTo(...place(line[0]!));
      pen.stroke();
    }
  } else if (pixels) {
    const cell = side / 32;
    pen.fillStyle = token('ink');
    for (let at = 0; at < IMAGE; at++) {
      pen.globalAlpha = pixels[at]!;
      if (pixels[at]! > 0)
        pen.fillRect(
          left + (2 + (at % 28)) * cell,
          top + (2 + Math.floor(at / 28)) * cell,
          cell + 0.5,
          cell + 0.5,
        );
    }
    pen.globalAlpha = 1;
  }
}

/** Errors on the unseen digits over the epochs, fewer higher up: the curve rises as on the page. */
function drawCurve(pen: Pen, left: number, top: number, width: number, height: number): void {
  const { testX, testAccuracy } = history;
  pen.strokeStyle = token('line');
  pen.lineWidth = 2;
  for (const share of [0, 0.5, 1]) {
    pen.beginPath();
    pen.moveTo(left, top + share * height);
    pen.lineTo(left + width, top + share * height);
    pen.stroke();
  }
  if (testX.length === 0) return;
  const errors = testAccuracy.map((accuracy) => Math.log(Math.max(0.0005, 1 - accuracy)));
  const [worst, best] = [Math.max(...errors, Math.log(0.3)), Math.min(...errors, Math.log(0.02))];
  const last = testX.at(-1)!;
  pen.strokeStyle = token('accent');
  pen.fillStyle = token('accent');
  pen.lineWidth = 5;
  pen.lineJoin = 'round';
  pen.beginPath();
  errors.forEach((error, at) => {
    const x = left + (width * testX[at]!) / last;
    const y = top + (height * (error - best)) / (worst - best);
    // The first test alone is a point.
    if (errors.length === 1) pen.arc(x, y, 6, 0, 2 * Math.PI);
    else pen.lineTo(x, y);
  });
  if (errors.length === 1) pen.fill();
  else pen.stroke();
}

/** Draws the card. */
export function drawCard(canvas: HTMLCanvasElement): void {
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext('2d')!;
  const text = shareWords.value;
  const now = run.peek();
  const share = now?.testAccuracy;
  const tested = evaluation.peek();
  pen.fillStyle = token('panel');
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = token('accent');
  pen.fillRect(0, 0, 16, HEIGHT);
  drawDigit(pen, 72, 72, 400);
  write(pen, readText() ?? text.draw, 72, 524, 32, 'ink', 600);
  const left = 540;
  write(pen, text.title, left, 104, 32, 'muted');
  write(pen, share === undefined ? '–' : `${hundredths(share)} %`, left, 204, 96, 'accent', 600);
  const total = tested?.total ?? session.peek().data?.test;
  write(pen, share !== undefined && total ? text.of(count(total)) : text.untested, left, 252, 28, 'ink');
  drawCurve(pen, left, 300, 588, 176);
  const epochs = now
    ? now.epochsBefore + Math.min(now.epoch + now.batch / Math.max(1, now.batches), now.epochs)
    : 0;
  write(pen, text.epochs(String(Number(epochs.toFixed(1)))), left, 524, 28, 'muted');
  const { host, pathname } = location;
  write(pen, `mapling · ${host}${pathname.replace(/\/$/, '')}`, 72, 594, 26, 'muted');
}

/** The card as a file. */
export const cardFile = (canvas: HTMLCanvasElement): Promise<File> =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(new File([blob], 'mapling.png', { type: 'image/png' }));
      else reject(new Error('the card could not be made'));
    }, 'image/png');
  });
