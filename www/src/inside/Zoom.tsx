/** A layer that was chosen in the network's picture, opened over the page: what it makes of the pad, down to one sum. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import '../style/zoom.css';
import { laterWords } from '../later/words';
import { lookOut } from '../network/looking';
import { useEscape } from '../parts/escape';
import { Icon } from '../parts/icons';
import { useOnRoot } from '../parts/on-root';
import { inside } from '../state/inside';
import { network } from '../state/session';
import { Detail } from './Detail';
import { Escape } from './Escape';
import { Layer } from './Layer';
import { chosen } from './look';
import { insideWords } from './words';

export function Zoom({ name }: { name: string }) {
  const panel = useRef<HTMLElement>(null);
  useOnRoot('zoom');
  // Out of the unit first, then out of the layer.
  useEscape(() => {
    if (chosen.peek()) chosen.value = null;
    else lookOut();
  });
  useLayoutEffect(() => {
    panel.current?.focus({ preventScroll: true });
    chosen.value = null;
  }, []);
  const unit = chosen.value;
  useEffect(() => {
    if (unit) panel.current?.querySelector('.inside-detail')?.scrollIntoView({ block: 'nearest' });
  }, [unit]);
  const at = network.value?.layers.findIndex((layer) => layer.name === name) ?? -1;
  const info = network.value?.layers[at];
  const gone = !info;
  useEffect(() => {
    if (gone) lookOut();
  }, [gone]);
  if (!info) return null;
  const text = insideWords.value.inside;
  const now = inside.value?.layers[at];
  const title = laterWords.value.network.layers[info.className] ?? info.className;
  return (
    <section
      class="zoom inside"
      data-part="zoom"
      role="dialog"
      aria-label={text.looksInto(title)}
      tabIndex={-1}
      ref={panel}
    >
      <div class="zoom-head">
        <h2>{text.looksInto(title)}</h2>
        <button type="button" class="quiet square" aria-label={text.close} onClick={lookOut}>
          <Icon name="close" />
        </button>
      </div>
      <p class="lead">
        {now ? text.zoomLead : text.empty} <Escape />
      </p>
      {now && (
        <div class="inside-body">
          <ol>
            <Layer info={info} now={now} isLast={at === network.value!.layers.length - 1} />
          </ol>
          {chosen.value?.layer === name && <Detail />}
        </div>
      )}
    </section>
  );
}
