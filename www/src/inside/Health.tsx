/** Gradients, weights and silent units of each layer, in a part that opens. */
import { useEffect, useRef } from 'preact/hooks';
import { count } from '../format';
import { laterWords } from '../later/words';
import { healths, isHealthInSight } from './health';
import { insideWords } from './words';

const [WIDE, HIGH] = [96, 24];

/** How a size went, on a log scale; its ends are the smallest and the largest. */
function Course({ values, label }: { values: number[]; label: string }) {
  const logs = values.map((value) => Math.log10(Math.max(value, 1e-12)));
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  // A course of less than a tenth is level.
  const span = Math.max(high - low, 0.1);
  const points = logs.map((log, at) => {
    const x = values.length > 1 ? (at / (values.length - 1)) * WIDE : WIDE;
    return `${x.toFixed(1)},${(HIGH - 2 - ((log - low) / span) * (HIGH - 4)).toFixed(1)}`;
  });
  return (
    <svg
      class="course"
      viewBox={`0 0 ${WIDE} ${HIGH}`}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      <polyline points={points.join(' ')} fill="none" vector-effect="non-scaling-stroke" />
    </svg>
  );
}

const size = (value: number): string =>
  value !== 0 && (value < 0.001 || value >= 10000)
    ? value.toExponential(1).replace('-', '−')
    : value.toPrecision(3);

function Table() {
  const text = insideWords.value.health;
  const all = healths.value;
  const now = all.at(-1);
  if (!now) return <p>{text.waiting}</p>;
  return (
    // On a phone it is wider than the screen: by keyboard it is moved sideways.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached
    <section tabIndex={0} class="health-scroll" aria-label={text.heading}>
      <table class="health">
        <thead>
          <tr>
            <th scope="col">{text.layer}</th>
            <th scope="col" colSpan={2}>
              {text.gradient}
            </th>
            <th scope="col" colSpan={2}>
              {text.weights}
            </th>
            <th scope="col">{text.dead}</th>
          </tr>
        </thead>
        <tbody>
          {now.layers.map((layer, at) => {
            const name = `${at + 1} ${laterWords.value.network.layers[layer.className] ?? layer.className}`;
            const course = (of: 'gradientSize' | 'weightSize') =>
              all.map(({ layers }) => layers[at]?.[of] ?? 0);
            return (
              <tr key={layer.name} data-layer={layer.name} data-dead={layer.dead}>
                <th scope="row">{name}</th>
                <td>{size(layer.gradientSize)}</td>
                <td>
                  <Course values={course('gradientSize')} label={`${name}: ${text.gradient}`} />
                </td>
                <td>{size(layer.weightSize)}</td>
                <td>
                  <Course values={course('weightSize')} label={`${name}: ${text.weights}`} />
                </td>
                <td class={layer.dead > 0 ? 'wrong' : undefined}>
                  {layer.dead > 0 ? text.of(layer.dead, layer.units) : text.none}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

export function Health() {
  const place = useRef<HTMLDetailsElement>(null);
  const isOpen = useRef(false);
  const isSeen = useRef(false);
  const settle = () => {
    isHealthInSight.value = isOpen.current && isSeen.current;
  };
  useEffect(() => {
    const watch = new IntersectionObserver(([now]) => {
      isSeen.current = now!.isIntersecting;
      settle();
    });
    watch.observe(place.current!);
    return () => {
      watch.disconnect();
      isHealthInSight.value = false;
    };
  }, []);
  const text = insideWords.value.health;
  return (
    <details
      class="health-part"
      data-part="health"
      data-value={healths.value.at(-1)?.step}
      ref={place}
      onToggle={(event) => {
        isOpen.current = event.currentTarget.open;
        settle();
      }}
    >
      <summary>{text.heading}</summary>
      <p class="lead">{text.lead(count(healths.value.at(-1)?.digits ?? 500))}</p>
      <Table />
      <p class="hint">{text.why}</p>
    </details>
  );
}
