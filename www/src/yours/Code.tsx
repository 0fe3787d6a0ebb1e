import { useSignal, useSignalEffect } from '@preact/signals';
import { inWords } from '../parts/comments';
import { dataInfo, network, settings } from '../state/session';
import { liveTrainer } from '../state/trainer';
import { keras } from './code/keras';
import { mapling } from './code/mapling';
import { type Program, programOf } from './code/program';
import { tensorflow } from './code/tensorflow';
import { yoursWords } from './words';

const LIBRARIES = { mapling, keras, tensorflow };
type Library = keyof typeof LIBRARIES;
const NAMES: Record<Library, string> = { mapling: 'mapling', keras: 'Keras', tensorflow: 'TensorFlow.js' };

/** The present network, its settings and its data as a program. */
export function Code() {
  const text = yoursWords.value.code;
  const program = useSignal<Program | null>(null);
  const shown = useSignal<Library>('mapling');
  const isCopied = useSignal(false);
  useSignalEffect(() => {
    const [now, info, chosen] = [network.value, dataInfo.value, settings.value];
    const trainer = liveTrainer();
    if (!now || !info || !trainer) return;
    void trainer.save().then(
      (saved) => {
        program.value = programOf(saved, chosen, info.name, [...info.imageShape, 1]);
      },
      // A worker that has died is started anew, and asked again.
      () => {},
    );
  });
  const lines = program.value && inWords(LIBRARIES[shown.value](program.value), text.comments);
  if (!lines) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines);
      isCopied.value = true;
      setTimeout(() => {
        isCopied.value = false;
      }, 1500);
    } catch {
      // Where the browser refuses, the text is selected, to be copied by hand.
      getSelection()?.selectAllChildren(document.querySelector('[data-part="code-lines"]')!);
    }
  };
  return (
    <section class="own-code" aria-labelledby="own-code-heading" data-part="own-code">
      <h3 id="own-code-heading">{text.heading}</h3>
      <div class="own-code-head">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
        <div role="group" class="row" aria-label={text.heading}>
          {(Object.keys(LIBRARIES) as Library[]).map((library) => (
            <button
              key={library}
              type="button"
              data-library={library}
              aria-pressed={shown.value === library}
              onClick={() => {
                shown.value = library;
              }}
            >
              {NAMES[library]}
            </button>
          ))}
        </div>
        <button type="button" data-part="copy-code" onClick={() => void copy()}>
          {isCopied.value ? text.copied : text.copy}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
      <section tabIndex={0} class="own-code-lines" aria-label={NAMES[shown.value]}>
        <pre>
          <code data-part="code-lines">{lines}</code>
        </pre>
      </section>
      <p class="lead">{text[shown.value]}</p>
    </section>
  );
}
