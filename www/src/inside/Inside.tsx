import { useEffect, useRef } from 'preact/hooks';
import '../style/inside.css';
import { Detail } from './Detail';
import { Escape } from './Escape';
import { Health } from './Health';
import { Layer } from './Layer';
import { chosen, isInSight, shownLayers } from './look';
import { Why } from './Why';
import { insideWords } from './words';

export { Zoom } from './Zoom';

/** Whoever is here comes out of a unit with Escape; elsewhere on the page that key clears the pad. */
function comeOut(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || !chosen.peek()) return;
  event.stopPropagation();
  event.preventDefault();
  // What has the focus may go with the sum: it goes back to where that came from.
  (event.currentTarget as HTMLElement)
    .querySelector<HTMLElement>('.inside-layer [aria-pressed="true"]')
    ?.focus({ preventScroll: true });
  chosen.value = null;
}

/** The drawing's way through the network, and why the answer is what it is. */
export function InsideAndWhy() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver(([now]) => {
      isInSight.value = now!.isIntersecting;
    });
    watch.observe(place.current!);
    return () => watch.disconnect();
  }, []);
  const text = insideWords.value.inside;
  const layers = shownLayers.value;
  return (
    <div class="inside" ref={place} data-part="inside">
      <section aria-labelledby="inside-heading" tabIndex={-1} onKeyDown={comeOut}>
        <h2 id="inside-heading">{text.heading}</h2>
        <p class="lead">
          {layers.length > 0 ? text.lead : text.empty} {chosen.value && <Escape />}
        </p>
        <div class="inside-body">
          <ol>
            {layers.map(({ info, now }, at) => (
              <Layer key={now.name} info={info} now={now} isLast={at === layers.length - 1} />
            ))}
          </ol>
          {chosen.value ? <Detail /> : layers.length > 0 && <p class="inside-none">{text.none}</p>}
        </div>
      </section>
      <Health />
      <Why />
    </div>
  );
}
