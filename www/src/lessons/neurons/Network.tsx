/** The network as a picture: what each unit answers over the plane, and the weights between them. */
import { useRef } from 'preact/hooks';
import { Icon } from '../../parts/icons';
import { short } from '../parts/numbers';
import { useWidth } from '../parts/size';
import {
  activations,
  chosen,
  MOST_LAYERS,
  MOST_UNITS,
  reshape,
  setUnits,
  shape,
  surfaces,
  weights,
} from './model';
import { middleOf, Surface } from './Surface';
import { lessonWords } from './words';

const GAP = 8;

/** Units are added and taken away a layer at a time. */
function Counts() {
  const text = lessonWords.value.lab;
  const { hidden, activation } = shape.value;
  return (
    <div class="counts">
      {hidden.map((units, layer) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
        <div key={layer} class="count" role="group" aria-label={text.layer(layer + 1)}>
          <span>{text.layer(layer + 1)}</span>
          <button
            type="button"
            class="square"
            disabled={units === 1}
            aria-label={text.fewer(layer + 1)}
            onClick={() => setUnits(layer, units - 1)}
          >
            −
          </button>
          <output data-part={`units-${layer}`}>{units}</output>
          <button
            type="button"
            class="square"
            disabled={units === MOST_UNITS}
            aria-label={text.more(layer + 1)}
            data-part={`more-${layer}`}
            onClick={() => setUnits(layer, units + 1)}
          >
            +
          </button>
        </div>
      ))}
      <div class="count">
        <button
          type="button"
          disabled={hidden.length === MOST_LAYERS}
          data-part="add-layer"
          onClick={() => reshape({ hidden: [...hidden, Math.min(4, MOST_UNITS)] })}
        >
          {text.addLayer}
        </button>
        <button
          type="button"
          disabled={hidden.length === 1}
          onClick={() => reshape({ hidden: hidden.slice(0, -1) })}
        >
          {text.removeLayer}
        </button>
      </div>
      <label class="count">
        <span>{text.activation}</span>
        <select
          data-part="activation"
          value={activation}
          onInput={({ currentTarget }) =>
            reshape({ activation: currentTarget.value as (typeof activations)[number] })
          }
        >
          {activations.map((name) => (
            <option key={name} value={name}>
              {name === 'linear' ? text.none : name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

export function Network() {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const text = lessonWords.value.lab;
  const { hidden, activation } = shape.value;
  const sizes = [2, ...hidden, 1];
  const tallest = Math.max(...sizes);
  const size = Math.max(26, Math.min(44, Math.floor(width / (sizes.length + 2))));
  const height = tallest * (size + GAP) + GAP;
  const left = (layer: number) => (layer * (width - size)) / (sizes.length - 1);
  const top = (layer: number, unit: number) =>
    height / 2 - (sizes[layer]! * (size + GAP)) / 2 + GAP / 2 + unit * (size + GAP);
  const most = Math.max(1e-6, ...weights.value.flatMap(({ kernel }) => Array.from(kernel, Math.abs)));
  const choice = chosen.value;
  return (
    <figure class="lab-figure">
      <figcaption>
        <h3>{text.network}</h3>
        <span class="hint">{text.networkHint}</span>
      </figcaption>
      <Counts />
      <div ref={place} class="small-network" style={{ height: `${height}px` }}>
        <svg width={width} height={height} aria-hidden="true">
          {weights.value.flatMap(({ kernel }, layer) =>
            Array.from(kernel, (weight, at) => {
              const [unit, input] = [Math.floor(at / sizes[layer]!), at % sizes[layer]!];
              return (
                <line
                  key={`${layer}-${at}`}
                  class={weight < 0 ? 'edge minus' : 'edge plus'}
                  stroke-width={0.5 + (4 * Math.abs(weight)) / most}
                  x1={left(layer) + size}
                  y1={top(layer, input) + size / 2}
                  x2={left(layer + 1)}
                  y2={top(layer + 1, unit) + size / 2}
                />
              );
            }),
          )}
        </svg>
        {['x₁', 'x₂'].map((name, at) => (
          <span
            key={name}
            class="node input"
            style={{ left: '0', top: `${top(0, at)}px`, width: `${size}px`, height: `${size}px` }}
          >
            {name}
          </span>
        ))}
        {surfaces.value.map((units, layer) =>
          units.map((values, unit) => {
            const isLast = layer === hidden.length;
            const isChosen = isLast ? choice === null : choice?.layer === layer && choice.unit === unit;
            const bias = weights.value[layer]?.bias[unit] ?? 0;
            return (
              <button
                key={`${layer}-${unit}`}
                type="button"
                class="node"
                aria-pressed={isChosen}
                aria-label={isLast ? text.output : text.unitOf(layer + 1, unit + 1)}
                aria-description={text.unitBias(short(bias))}
                data-part={isLast ? 'output-unit' : `unit-${layer}-${unit}`}
                style={{
                  left: `${left(layer + 1)}px`,
                  top: `${top(layer + 1, unit)}px`,
                  width: `${size}px`,
                  height: `${size}px`,
                }}
                onClick={() => {
                  chosen.value = isLast || isChosen ? null : { layer, unit };
                }}
              >
                <Surface values={values} middle={isLast ? 0.5 : middleOf(activation)} />
              </button>
            );
          }),
        )}
      </div>
      {choice && (
        <p class="hint">
          {text.chosen(choice.layer === 0)}{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              chosen.value = null;
            }}
          >
            <Icon name="close" size={12} /> {text.wholeNetwork}
          </button>
        </p>
      )}
    </figure>
  );
}
