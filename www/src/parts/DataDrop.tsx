import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { dataInfo } from '../state/session';
import { takeFiles, takeGenerated, takeMnist } from '../state/training';
import { words } from '../words';

/** Where the digits come from: MNIST, the page's own pen, or files dropped anywhere on the page. */
export function DataDrop() {
  const over = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      over.value = true;
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) over.value = false;
    };
    const onDrop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      over.value = false;
      takeFiles([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragover', onOver);
    addEventListener('dragleave', onLeave);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('dragover', onOver);
      removeEventListener('dragleave', onLeave);
      removeEventListener('drop', onDrop);
    };
  }, []);
  const text = words.value.data;
  const info = dataInfo.value;
  return (
    <section class="data" aria-labelledby="data-heading">
      <h2 id="data-heading">{text.heading}</h2>
      {info && (
        <p class="lead">{words.value.sentences(words.value.dataset[info.name](info.train, info.test))}</p>
      )}
      <div class="drop">
        <b>{text.drop}</b>
        <p>{text.explain}</p>
        <p>{text.stays}</p>
        <div class="row">
          <button type="button" onClick={() => input.current?.click()}>
            {text.choose}
          </button>
          {info?.name !== 'mnist' && (
            <button type="button" onClick={takeMnist}>
              {text.mnist}
            </button>
          )}
          {info?.name !== 'generated' && (
            <button type="button" onClick={takeGenerated}>
              {text.generated}
            </button>
          )}
        </div>
        <input
          ref={input}
          type="file"
          multiple
          class="for-ears"
          tabIndex={-1}
          aria-label={text.choose}
          onChange={(event) => {
            takeFiles([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      {over.value && (
        <div class="drop-over">
          <p>{text.dropNow}</p>
        </div>
      )}
    </section>
  );
}
