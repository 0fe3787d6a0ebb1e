/** The nine nodes and their edges: values above, gradients below, as far as they have been shown. */
import { useRef } from 'preact/hooks';
import { short } from '../parts/numbers';
import { useWidth } from '../parts/size';
import { isMade, made, madeNames, type Name, names, places } from './graph';
import { chosen, gradients, hasGradient, hasValue, shown, values } from './model';
import { lessonWords } from './words';

const NODE = { width: 92, height: 58 };

export function Graph() {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 800);
  const text = lessonWords.value.lab;
  const isUpright = width < 660;
  const height = isUpright ? 640 : 330;
  const at = (name: Name): [number, number] => {
    const [along, across] = places[name];
    const [x, y] = isUpright ? [across / 2, along / 5] : [along / 5, across / 2];
    return [
      NODE.width / 2 + 2 + x * (width - NODE.width - 4),
      NODE.height / 2 + 2 + y * (height - NODE.height - 4),
    ];
  };
  const edges = madeNames.flatMap((to) => made[to].from.map((from) => ({ from, to })));
  const now = shown.value;
  return (
    <div ref={place} class="graph" style={{ height: `${height}px` }}>
      <svg width={width} height={height} aria-hidden="true">
        {edges.map(({ from, to }) => {
          const [[x1, y1], [x2, y2]] = [at(from), at(to)];
          const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
          const isNow = now && (now.way === 'forward' ? now.name === to : now.name === from);
          return (
            <g key={from} data-way={isNow ? now.way : undefined}>
              <line class="edge" x1={x1} y1={y1} x2={x2} y2={y2} />
              {hasValue(from) && (
                <text class="edge-value" x={x} y={y - 5} text-anchor="middle">
                  {short(values.value[from])}
                </text>
              )}
              {hasGradient(from) && (
                <text class="edge-gradient" x={x} y={y + 15} text-anchor="middle">
                  {short(gradients.value[from])}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      {names.map((name) => {
        const [x, y] = at(name);
        const value = hasValue(name) ? short(values.value[name]) : null;
        const gradient = hasGradient(name) ? short(gradients.value[name]) : null;
        return (
          <button
            key={name}
            type="button"
            class="graph-node"
            data-part={`node-${name}`}
            data-known={value !== null}
            data-way={now?.name === name ? now.way : undefined}
            data-value={hasValue(name) ? values.value[name] : undefined}
            data-gradient={hasGradient(name) ? gradients.value[name] : undefined}
            aria-pressed={chosen.value === name}
            style={{
              left: `${x - NODE.width / 2}px`,
              top: `${y - NODE.height / 2}px`,
              width: `${NODE.width}px`,
              height: `${NODE.height}px`,
            }}
            onClick={() => {
              chosen.value = name;
            }}
          >
            <b>
              {name}
              {isMade(name) && <span> = {made[name].formula}</span>}
            </b>
            <span class="for-ears">{text.meaning[name]}</span>
            <span class="node-value">{value ?? '·'}</span>
            <span class="node-gradient">{gradient !== null && `∂ ${gradient}`}</span>
          </button>
        );
      })}
    </div>
  );
}
