/** The network, drawn up layer by layer: shapes, numbers to learn and work stand there before anything is built. */
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import '../style/editor.css';
import { count } from '../format';
import { laterWords } from '../later/words';
import { explained } from '../parts/explained';
import { hold } from '../parts/hold';
import { Icon } from '../parts/icons';
import { words } from '../words';
import {
  add,
  beginDraft,
  build,
  canBuild,
  type Drafted,
  draft,
  endDraft,
  kinds,
  move,
  planned,
  plannedAt,
  refused,
  remove,
  type Why,
} from './draft';
import { Fields } from './Fields';
import { MOST_LAYERS } from './spelling';
import { editorWords } from './words';

const shapeText = (shape: readonly (number | null)[]) => shape.join(' × ');

/** In a sentence a shape is not broken over two lines. */
const inSentence = (shape: readonly (number | null)[]) => shapeText(shape).replaceAll(' ', '\u00a0');

function Refusal({ reason }: { reason: Why }) {
  const text = editorWords.value.refused;
  const said = {
    picture: () => text.picture(inSentence((reason as Why & { why: 'picture' }).given)),
    window: () => {
      const { size, given } = reason as Why & { why: 'window' };
      return text.window(size, `${given[0]} × ${given[1]}`);
    },
    reshape: () => {
      const { given, wanted } = reason as Why & { why: 'reshape' };
      return text.reshape(count(given), count(wanted));
    },
    flat: () => text.flat(inSentence((reason as Why & { why: 'flat' }).given)),
    memory: () => text.memory,
    other: () => text.other,
  }[reason.why]();
  return (
    <p class="draft-refusal" role="alert" data-part="draft-refusal" data-why={reason.why}>
      {said}
      {reason.why === 'other' && <small lang="en">{reason.message}</small>}
    </p>
  );
}

/** What a layer gives, learns and costs, or why it cannot be. */
function Outcome({ at }: { at: number }) {
  const text = editorWords.value;
  const now = plannedAt(at);
  const no = refused.value;
  if (no?.layer === at) return <Refusal reason={no.reason} />;
  return (
    <p class="draft-outcome" data-part="draft-outcome">
      <span>{now ? shapeText(now.outputShape) : '…'}</span>
      {now && now.params > 0 && <span>{text.params(count(now.params))}</span>}
      {now && now.multiplyAdds > 0 && <span>{text.work(count(now.multiplyAdds))}</span>}
    </p>
  );
}

/** Where a layer goes that is dragged to this height: to the place of the row whose middle it has passed. */
function placeAt(list: HTMLElement, from: number, y: number): number {
  const boxes = [...list.children].map((row) => row.getBoundingClientRect());
  const over = boxes.findIndex(({ top, bottom }) => y >= top && y <= bottom);
  if (over < 0) return from;
  const middle = (boxes[over]!.top + boxes[over]!.bottom) / 2;
  return (over > from ? y > middle : y < middle) ? over : from;
}

function Row({ layer, at, all }: { layer: Drafted; at: number; all: number }) {
  const text = editorWords.value;
  const name = laterWords.value.network.layers[layer.className] ?? layer.className;
  const isDragged = useSignal(false);
  const row = useRef<HTMLLIElement>(null);
  const drag = (event: PointerEvent) => {
    if (!isDragged.value) return;
    const to = placeAt(row.current!.parentElement!, at, event.clientY);
    if (to !== at) move(layer.id, to);
  };
  const by = (step: number) => () => {
    move(layer.id, at + step);
  };
  const drop = () => {
    const list = row.current!.parentElement!;
    remove(layer.id);
    // Whoever works by keyboard goes on at the layer that has taken its place.
    requestAnimationFrame(() =>
      (
        list.querySelectorAll<HTMLElement>('.draft-remove')[Math.min(at, all - 2)] ??
        list.parentElement?.querySelector<HTMLElement>('select')
      )?.focus(),
    );
  };
  return (
    <li
      class="draft-layer"
      data-drafted={layer.className}
      data-dragged={isDragged.value || undefined}
      ref={row}
    >
      <div class="draft-head">
        <span
          class="draft-grip"
          aria-hidden="true"
          data-part="draft-grip"
          onPointerDown={(event) => {
            event.preventDefault();
            hold(event.currentTarget, event.pointerId);
            isDragged.value = true;
          }}
          onPointerMove={drag}
          onPointerUp={() => {
            isDragged.value = false;
          }}
          onPointerCancel={() => {
            isDragged.value = false;
          }}
        >
          ⠿
        </span>
        <b {...explained(laterWords.value.network.explain[layer.className])}>{name}</b>
        <button
          type="button"
          class="quiet square"
          disabled={at === 0}
          aria-label={text.up(name)}
          onClick={by(-1)}
        >
          ↑
        </button>
        <button
          type="button"
          class="quiet square"
          disabled={at === all - 1}
          aria-label={text.down(name)}
          onClick={by(1)}
        >
          ↓
        </button>
        <button type="button" class="quiet square draft-remove" aria-label={text.remove(name)} onClick={drop}>
          <Icon name="close" />
        </button>
      </div>
      <Fields layer={layer} />
      <Outcome at={at} />
    </li>
  );
}

export const open = beginDraft;
export const isOpen = (): boolean => draft.value !== null;

export function Editor() {
  const text = editorWords.value;
  const names = laterWords.value.network;
  const head = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    head.current?.focus({ preventScroll: true });
    // Where it stands below or above what is in sight, as on a phone.
    head.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const layers = draft.value;
  if (!layers) return null;
  const plan = planned.value?.of === layers ? planned.value.plan : undefined;
  const no = refused.value;
  return (
    <section
      class="editor"
      data-part="editor"
      aria-labelledby="editor-heading"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        endDraft();
      }}
    >
      <h2 id="editor-heading" tabIndex={-1} ref={head}>
        {text.heading}
      </h2>
      <p class="hint">{text.lead}</p>
      <p class="draft-end">
        <b>{names.input}</b> <span>28 × 28 × 1</span>
      </p>
      <ol class="draft-layers">
        {layers.map((layer, at) => (
          <Row key={layer.id} layer={layer} at={at} all={layers.length} />
        ))}
      </ol>
      <label class="draft-add">
        <span class="for-ears">{text.add}</span>
        <select
          data-part="draft-add"
          value=""
          disabled={layers.length >= MOST_LAYERS}
          onChange={(event) => {
            const kind = event.currentTarget.value;
            event.currentTarget.value = '';
            if (kind) add(kind);
          }}
        >
          <option value="">{layers.length >= MOST_LAYERS ? text.full(MOST_LAYERS) : `+ ${text.add}`}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {names.layers[kind] ?? kind}
            </option>
          ))}
        </select>
      </label>
      <div class="draft-end">
        <b {...explained(text.answerTip)}>{text.answer}</b>
        <Outcome at={layers.length} />
      </div>
      <p class="draft-total" aria-live="polite" data-part="draft-total">
        {plan && !no
          ? words.value.sentences(names.total(plan.params), text.allWork(count(plan.multiplyAdds)))
          : no
            ? text.stays
            : ' '}
      </p>
      <div class="draft-tools">
        <button
          type="button"
          class="primary"
          data-part="draft-build"
          disabled={!canBuild.value}
          onClick={build}
        >
          {text.build}
        </button>
        <button type="button" data-part="draft-close" onClick={endDraft}>
          {text.close}
        </button>
      </div>
    </section>
  );
}
