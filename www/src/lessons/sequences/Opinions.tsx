import { useSignal } from '@preact/signals';
import { lossText } from '../../format';
import { Lines } from '../Lines';
import { EPOCHS, kind, losses, opinion, phase, test, tongue, train, typed } from './opinion';
import { corpusOf } from './vocabulary';
import { lessonWords } from './words';

/** Points of a hundred, with their sign: +12, −3. */
const points = (share: number): string => {
  const whole = Math.round(share * 100);
  return `${whole > 0 ? '+' : whole < 0 ? '−' : ''}${Math.abs(whole)}`;
};

function Controls() {
  const text = lessonWords.value.lab.opinions;
  const now = phase.value;
  const { heldOut } = losses.value;
  const found = test.value;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div class="exhibit-controls" role="group" aria-label={text.kindsLabel}>
        {(['order', 'bag'] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={kind.value === one}
            data-part={`opinion-${one}`}
            onClick={() => {
              if (kind.peek() === one) return;
              kind.value = one;
              if (phase.peek() !== 'idle') void train();
            }}
          >
            {text.kinds[one]}
          </button>
        ))}
      </div>
      <div class="exhibit-controls">
        <button
          type="button"
          class={now === 'idle' ? 'first' : undefined}
          data-part="opinion-train"
          disabled={now === 'starting'}
          onClick={() => void train()}
        >
          {now === 'idle' || now === 'failed' ? text.train : text.again}
        </button>
        <p data-part="opinion-phase" data-value={now}>
          {text.phases[now]}
          {heldOut.length > 0 && ` · ${text.epoch(heldOut.length, EPOCHS)}`}
          {found && (
            <>
              {' · '}
              <b data-part="opinion-accuracy" data-value={1 - found.wrong.length / found.total}>
                {text.accuracy(found.total - found.wrong.length, found.total)}
              </b>
            </>
          )}
        </p>
      </div>
    </>
  );
}

function Losses() {
  const text = lessonWords.value.lab.opinions;
  const { train, heldOut } = losses.value;
  if (heldOut.length < 2) return null;
  return (
    <figure>
      <figcaption>{text.losses}</figcaption>
      <Lines
        lines={[
          { name: text.trainLine, values: train, isDashed: true },
          { name: text.heldOutLine, values: heldOut, isMain: true },
        ]}
        steps={EPOCHS}
        label={text.lossesLabel(lossText(train.at(-1)!), lossText(heldOut.at(-1)!))}
        from={text.first}
        to={text.last(EPOCHS)}
      />
    </figure>
  );
}

/** The typed sentence, with each word's part in what the network says of it. */
function Typed() {
  const text = lessonWords.value.lab.opinions;
  const now = tongue.value;
  const next = useSignal(0);
  const { heldOut } = corpusOf(now);
  const found = opinion.value;
  const truth = heldOut.find((sentence) => sentence.text === typed.value[now]);
  const most = Math.max(0.05, ...(found?.parts.map(({ part }) => Math.abs(part)) ?? []));
  return (
    <div class="typed">
      <label for="opinion-typed">{text.type}</label>
      <div class="exhibit-controls">
        <input
          id="opinion-typed"
          type="text"
          data-part="opinion-typed"
          autocomplete="off"
          maxLength={120}
          value={typed.value[now]}
          onInput={(event) => {
            typed.value = { ...typed.peek(), [now]: event.currentTarget.value };
          }}
        />
        <button
          type="button"
          data-part="opinion-another"
          onClick={() => {
            // Liked and disliked ones take turns: the first half of the list is of those who did not like something.
            const half = heldOut.length / 2;
            const at = next.peek() % heldOut.length;
            next.value = at + 1;
            typed.value = {
              ...typed.peek(),
              [now]: heldOut[(at % 2) * half + (((at >> 1) * 7) % half)]!.text,
            };
          }}
        >
          {text.another}
        </button>
      </div>
      <p class="verdict" role="status" data-part="opinion-verdict" data-value={found?.liked ?? ''}>
        {found ? <b>{text.verdict(found.liked)}</b> : text.untrained} {truth && text.truth(truth.label === 1)}
      </p>
      {found && (
        <>
          <span class="verdict-track" aria-hidden="true">
            <span style={{ transform: `scaleX(${found.liked})` }} />
          </span>
          <h4>{text.parts}</h4>
          <ol class="parts" data-part="opinion-parts">
            {found.parts.map(({ token, part, isKnown }, at) => (
              <li
                key={at}
                class={part < 0 ? 'cell wrong' : 'cell right'}
                style={{ '--strength': Math.abs(part) / most }}
                data-value={part}
                data-known={isKnown}
              >
                <span lang={now === 'zh' ? 'zh-CN' : 'en'}>{token}</span>
                <b>{points(part)}</b>
                {!isKnown && <small>{text.unknown}</small>}
              </li>
            ))}
          </ol>
          <p class="lead">{text.partsLead}</p>
        </>
      )}
    </div>
  );
}

/** The held-out sentences that are misread. */
function Wrong() {
  const text = lessonWords.value.lab.opinions;
  const found = test.value;
  if (!found || found.wrong.length === 0) return null;
  return (
    <details>
      <summary>{text.wrong(found.wrong.length)}</summary>
      <ul class="wrong-sentences">
        {found.wrong.map((sentence) => (
          <li key={sentence.text}>
            <button
              type="button"
              class="link"
              onClick={() => {
                typed.value = { ...typed.peek(), [tongue.peek()]: sentence.text };
              }}
            >
              {sentence.text}
            </button>{' '}
            <span>{text.wrongAs(sentence.label === 1)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Sentences that say whether somebody liked something. */
export function Opinions() {
  const text = lessonWords.value.lab.opinions;
  const { train, heldOut } = corpusOf(tongue.value);
  return (
    <section class="exhibit" aria-labelledby="opinions-heading" data-part="opinions">
      <h3 id="opinions-heading">{text.heading}</h3>
      <p class="lead">{text.lead(train.length, heldOut.length)}</p>
      <Controls />
      <Typed />
      <Losses />
      <Wrong />
    </section>
  );
}
