import { useEffect, useRef } from 'preact/hooks';
import '../style/inside.css';
import { Detail } from './Detail';
import { Health } from './Health';
import { Layer } from './Layer';
import { chosen, isInSight, shownLayers } from './look';
import { Why } from './Why';
import { insideWords } from './words';

export { Zoom } from './Zoom';

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
      <section aria-labelledby="inside-heading">
        <h2 id="inside-heading">{text.heading}</h2>
        <p class="lead">{layers.length > 0 ? text.lead : text.empty}</p>
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
