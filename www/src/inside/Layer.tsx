import type { LayerInfo, LayerInside } from 'mapling/trainer';
import { count, percent } from '../format';
import { laterWords } from '../later/words';
import { useRoving } from '../parts/roving';
import { nameOf } from '../state/classes';
import { chosen } from './look';
import { largest, Picture } from './Picture';
import { insideWords } from './words';

const isChosen = (layer: string, index: number): boolean =>
  chosen.value?.layer === layer && chosen.value.index === index;

const choose = (layer: string, index: number) => () => {
  chosen.value = isChosen(layer, index) ? null : { layer, index };
};

/** A layer's maps, each a picture that lights up where its filter finds what it looks for. */
function Maps({ name, now }: { name: string; now: LayerInside }) {
  const [height, width, maps] = now.shape as [number, number, number];
  const full = largest(now.values);
  const roving = useRoving();
  const text = insideWords.value.inside;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div class="maps" role="group" aria-label={text.maps(name, maps, height, width)} {...roving}>
      {Array.from({ length: maps }, (_, index) => (
        <button
          key={index}
          type="button"
          aria-pressed={isChosen(now.name, index)}
          aria-label={text.map(index)}
          onClick={choose(now.name, index)}
        >
          <Picture
            width={width}
            height={height}
            value={(x, y) => now.values[(y * width + x) * maps + index]!}
            full={full}
            label=""
          />
        </button>
      ))}
    </div>
  );
}

/** Ten digits, and classes of the visitor's own beside them. */
const MOST_COLUMNS = 12;

/** The name of a class of the visitor's own may be longer than a cell. */
const abbreviated = (name: string): string => (name.length > 3 ? `${name.slice(0, 2)}…` : name);

/** A layer's units as cells: the darker, the more they have to say. */
function Units({ name, now, isLast }: { name: string; now: LayerInside; isLast: boolean }) {
  const units = useRoving();
  const full = largest(now.values) || 1;
  const text = insideWords.value.inside;
  const said = (index: number, value: number) =>
    isLast
      ? `${text.probability(nameOf(index))}: ${percent(value, 1)} %`
      : `${text.unit(index)}: ${value.toPrecision(3)}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div
      class={isLast ? 'units last' : 'units'}
      role="group"
      aria-label={text.units(name, now.values.length)}
      style={isLast ? { '--columns': Math.min(MOST_COLUMNS, now.values.length) } : undefined}
      {...units}
    >
      {Array.from(now.values, (value, index) => (
        <button
          key={index}
          type="button"
          class={value < 0 ? 'cell wrong' : 'cell right'}
          style={{ '--strength': 2 * Math.sqrt(Math.abs(value) / full) }}
          aria-pressed={isChosen(now.name, index)}
          onClick={choose(now.name, index)}
          aria-label={said(index, value)}
          data-tip={said(index, value)}
        >
          {isLast ? abbreviated(nameOf(index)) : ''}
        </button>
      ))}
    </div>
  );
}

/** What a layer makes of the pad. */
export function Layer({ info, now, isLast }: { info: LayerInfo; now: LayerInside; isLast: boolean }) {
  const text = insideWords.value.inside;
  const name = laterWords.value.network.layers[info.className] ?? info.className;
  const quiet = now.values.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);
  const isMaps = now.shape.length === 3;
  return (
    <li class="inside-layer">
      <p>
        <b>{name}</b>{' '}
        <span>
          {now.shape.join(' × ')}
          {!isLast && ` · ${text.quiet(count(quiet), count(now.values.length))}`}
        </span>
      </p>
      {isMaps ? <Maps name={name} now={now} /> : <Units name={name} now={now} isLast={isLast} />}
    </li>
  );
}
