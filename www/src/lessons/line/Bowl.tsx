import { useSignalEffect } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { hold } from '../../parts/hold';
import { oncePerFrame } from '../../state/frame';
import { theme, tokenRgb } from '../../state/theme';
import { Axes } from '../parts/Axes';
import { short } from '../parts/numbers';
import { plotHeight, useWidth } from '../parts/size';
import { B, bowl, houses, path, place as placeLine, reckoned, W, weights } from './model';
import { lessonWords } from './words';

const EDGE = { left: 34, right: 10, top: 26, bottom: 34 };
const TICKS = [-2, 0, 2, 4, 6];
const whole = (tick: number): string => short(tick).replace(/\.0+$/, '');
/** Places of the grid that the loss is reckoned at, across and down. */
const CELLS = 144;
/** Losses at which the shade changes: each twice the one before. */
const shadeOf = (loss: number): number => Math.max(0, Math.min(9, Math.floor(Math.log2(loss / 0.06))));

/** The loss over all lines, w across and b upwards, darkest where it is smallest, with the way that training takes. */
export function Bowl() {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(place);
  const height = plotHeight(width);
  const text = lessonWords.value.lab;
  const span = { x: width - EDGE.left - EDGE.right, y: height - EDGE.top - EDGE.bottom };
  const toX = (w: number) => EDGE.left + ((w - W.low) / (W.high - W.low)) * span.x;
  const toY = (b: number) => EDGE.top + (1 - (b - B.low) / (B.high - B.low)) * span.y;
  const far = (value: number) => Math.min(1e4, Math.max(-1e4, value));

  const paint = useMemo(
    () =>
      oncePerFrame(() => {
        const context = canvas.current?.getContext('2d');
        if (!context) return;
        const image = context.createImageData(CELLS, CELLS);
        const losses = bowl(CELLS, CELLS);
        const [ground, ink] = [tokenRgb('panel'), tokenRgb('accent')];
        for (const [at, loss] of losses.entries()) {
          const share = 0.62 * (1 - shadeOf(loss) / 9) ** 1.3;
          for (const channel of [0, 1, 2])
            image.data[4 * at + channel] = ground[channel]! + share * (ink[channel]! - ground[channel]!);
          image.data[4 * at + 3] = 255;
        }
        context.putImageData(image, 0, 0);
      }),
    [],
  );
  useSignalEffect(() => {
    houses.value;
    theme.value;
    paint();
  });

  const lay = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const box = place.current!.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - EDGE.left, event.clientY - box.top - EDGE.top];
    const within = (share: number) => Math.min(1, Math.max(0, share));
    placeLine({
      w: W.low + within(x / span.x) * (W.high - W.low),
      b: B.low + within(1 - y / span.y) * (B.high - B.low),
    });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[
      event.key
    ];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { w, b } = weights.value;
    placeLine({
      w: Math.min(W.high, Math.max(W.low, w + step[0]!)),
      b: Math.min(B.high, Math.max(B.low, b + step[1]!)),
    });
  };
  const { w, b } = weights.value;
  return (
    <figure class="lab-figure">
      <figcaption>
        <h3>{text.bowl}</h3>
        <span class="hint">{text.choose}</span>
      </figcaption>
      <div
        ref={place}
        class="bowl"
        role="slider"
        tabIndex={0}
        aria-label={text.bowlLabel}
        aria-valuenow={Number(reckoned.value.loss.toPrecision(3))}
        aria-valuetext={text.bowlValue(short(w), short(b), short(reckoned.value.loss))}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          hold(event.currentTarget, event.pointerId);
          lay(event);
        }}
        onPointerMove={lay}
        onKeyDown={press}
      >
        <canvas
          ref={canvas}
          width={CELLS}
          height={CELLS}
          style={{
            left: `${EDGE.left}px`,
            top: `${EDGE.top}px`,
            width: `${span.x}px`,
            height: `${span.y}px`,
          }}
        />
        <svg width={width} height={height} aria-hidden="true">
          <clipPath id="bowl-inside">
            <rect x={EDGE.left} y={EDGE.top} width={span.x} height={span.y} />
          </clipPath>
          <Axes
            width={width}
            height={height}
            edge={EDGE}
            up={TICKS.map((tick) => [toY(tick), whole(tick)])}
            across={TICKS.map((tick) => [toX(tick), whole(tick)])}
            nameUp="b"
            nameAcross={text.w}
          />
          <g clip-path="url(#bowl-inside)">
            <polyline
              class="way"
              points={path.value
                .map((at) => `${far(toX(at.w)).toFixed(1)},${far(toY(at.b)).toFixed(1)}`)
                .join(' ')}
            />
            {path.value.slice(-200).map((at, i) => (
              <circle key={i} class="step-dot" cx={far(toX(at.w))} cy={far(toY(at.b))} r={1.6} />
            ))}
            <circle class="here" cx={far(toX(w))} cy={far(toY(b))} r={6} />
          </g>
        </svg>
      </div>
    </figure>
  );
}
