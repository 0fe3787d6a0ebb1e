import { useEffect } from 'preact/hooks';
import { largest, Picture } from '../../inside/Picture';
import { useRoving } from '../../parts/roving';
import { experiment } from '../../state/experiments';
import { network } from '../../state/session';
import { kernel } from './kernel';
import { firstConvolution, inside, isOpen } from './learned';
import { lessonWords } from './words';

/** So many maps of a layer are shown. */
const MOST = 16;

/** The kernels of the first convolution, each with its map: pressed, it lies on the digit. */
function Kernels() {
  const text = lessonWords.value.lab.filters;
  const roving = useRoving();
  const found = inside.value!;
  const maps = found.layers[firstConvolution.value]!;
  const [height, width, count] = maps.shape as [number, number, number];
  const [fullMap, fullKernel] = [
    largest(maps.values),
    largest(found.filters.flatMap(({ values }) => values)),
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div class="filters" role="group" aria-label={text.heading} {...roving}>
      {found.filters.slice(0, MOST * 2).map((filter, at) => (
        <button
          key={at}
          type="button"
          aria-label={text.filter(at)}
          data-part="filter"
          data-value={filter.values.join(' ')}
          onClick={() => {
            kernel.value = { size: filter.size, values: [...filter.values] };
            document.querySelector('[data-part="slide"]')?.scrollIntoView({ block: 'nearest' });
          }}
        >
          <Picture
            width={filter.size}
            height={filter.size}
            value={(x, y) => filter.values[y * filter.size + x]!}
            full={fullKernel}
            label=""
          />
          <Picture
            width={width}
            height={height}
            value={(x, y) => maps.values[(y * width + x) * count + at]!}
            full={fullMap}
            label=""
          />
        </button>
      ))}
    </div>
  );
}

/** The maps of the layers that follow. */
function Maps() {
  const text = lessonWords.value.lab.filters;
  const layers = network.value?.layers ?? [];
  const found = inside.value!;
  return (
    <>
      {found.layers.map((now, at) => {
        if (at <= firstConvolution.value || now.shape.length !== 3) return null;
        const [height, width, count] = now.shape as [number, number, number];
        const full = largest(now.values);
        const shown = Math.min(MOST, count);
        const className = layers[at]?.className ?? '';
        return (
          <figure key={now.name} data-part="layer-maps">
            <figcaption>
              {text.layer(text.names[className] ?? className, width, height, count)}
              {shown < count && ` · ${text.some(shown)}`}
            </figcaption>
            <div class="layer-maps">
              {Array.from({ length: shown }, (_, map) => (
                <Picture
                  key={map}
                  width={width}
                  height={height}
                  value={(x, y) => now.values[(y * width + x) * count + map]!}
                  full={full}
                  label={text.map(map)}
                />
              ))}
            </div>
          </figure>
        );
      })}
    </>
  );
}

/** What the page's network has learned to look for, or the offer to train one that looks for something. */
export function Filters() {
  const text = lessonWords.value.lab.filters;
  useEffect(() => {
    isOpen.value = true;
    return () => {
      isOpen.value = false;
    };
  }, []);
  const hasConvolution = firstConvolution.value >= 0;
  const isThere = inside.value !== null && inside.value.layers.length === network.value?.layers.length;
  return (
    <section class="exhibit" aria-labelledby="filters-heading" data-part="filters">
      <h3 id="filters-heading">{text.heading}</h3>
      {hasConvolution ? (
        <>
          <p class="lead">{isThere ? text.lead : text.waiting}</p>
          {isThere && <Kernels />}
          {isThere && <Maps />}
        </>
      ) : (
        <>
          <p class="lead">{text.dense}</p>
          <div class="exhibit-controls">
            <button
              type="button"
              class="first"
              data-part="train-convnet"
              onClick={() => experiment({ preset: 'convnet' })}
            >
              {text.train}
            </button>
          </div>
        </>
      )}
    </section>
  );
}
