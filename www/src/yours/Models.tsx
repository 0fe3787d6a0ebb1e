import { useRef } from 'preact/hooks';
import { FileInput } from '../parts/FileInput';
import { network } from '../state/session';
import { Brought } from './Brought';
import { bring, brought, takeAway } from './models';
import { yoursWords } from './words';

const FORMATS = ['keras', 'tensorflow', 'safetensors', 'checkpoint'] as const;

/** The network to take away, in forms that other programs read, and one to bring back. */
export function Models() {
  const text = yoursWords.value.models;
  const input = useRef<HTMLInputElement>(null);
  const now = brought.value;
  return (
    <section class="models" aria-labelledby="models-heading">
      <h3 id="models-heading">{text.heading}</h3>
      <p class="lead">{text.lead}</p>
      <div class="row">
        {FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            data-format={format}
            data-tip={text.tips[format]}
            disabled={!network.value}
            onClick={() => takeAway(format)}
          >
            {text.formats[format]}
          </button>
        ))}
      </div>
      <p>
        <button type="button" disabled={!network.value} onClick={() => input.current?.click()}>
          {text.bring}
        </button>
      </p>
      <FileInput at={input} more={{ multiple: true }} part="bring-model" onFiles={(files) => bring(files)} />
      {now && (
        <p
          class={now.kind === 'taken' ? undefined : 'wrong'}
          role="alert"
          data-part="brought"
          data-value={now.kind}
        >
          <Brought now={now} />
          {'detail' in now && <small lang="en">{now.detail}</small>}
        </p>
      )}
    </section>
  );
}
