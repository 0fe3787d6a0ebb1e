import { useRef } from 'preact/hooks';
import { count } from '../format';
import { FileInput } from '../parts/FileInput';
import { network } from '../state/session';
import { type Brought, bring, brought, takeAway } from './models';
import { yoursWords } from './words';

const FORMATS = ['keras', 'tensorflow', 'safetensors', 'checkpoint'] as const;

function Told({ now }: { now: Brought }) {
  const text = yoursWords.value.models;
  const say = () => {
    switch (now.kind) {
      case 'taken':
        return text.taken(now.name, count(now.params));
      case 'takes':
        return text.takes(now.name, now.shape);
      case 'gives':
        return text.gives(now.name, now.shape, now.expected);
      case 'unreadable':
        return text.unreadable(now.name);
      case 'failed':
        return text.failed;
    }
  };
  return (
    <p
      class={now.kind === 'taken' ? undefined : 'wrong'}
      role="alert"
      data-part="brought"
      data-value={now.kind}
    >
      {say()} {now.kind !== 'taken' && text.stays}
      {'detail' in now && <small lang="en">{now.detail}</small>}
    </p>
  );
}

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
      <FileInput at={input} more={{ multiple: true }} label={text.bring} part="bring-model" onFiles={bring} />
      {now && <Told now={now} />}
    </section>
  );
}
