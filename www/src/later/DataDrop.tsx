import { useEffect, useRef } from 'preact/hooks';
import { explained } from '../parts/explained';
import { FileInput } from '../parts/FileInput';
import { take } from '../state/data';
import { isDropNear, listenToDrops } from '../state/drops';
import { takeFiles, turnFiles } from '../state/files';
import { dataInfo } from '../state/session';
import { words } from '../words';
import { laterWords } from './words';

/** Where the digits come from: MNIST, the page's own pen, or files dropped anywhere on the page. */
export function DataDrop() {
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const text = laterWords.value.data;
  const { taken } = laterWords.value;
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
          <button type="button" onClick={() => folder.current?.click()}>
            {text.folder}
          </button>
          {info?.name === 'file' && (
            <button type="button" onClick={turnFiles}>
              {info.turned ? taken.turnBack : taken.turn}
            </button>
          )}
          {info?.name !== 'mnist' && (
            <button type="button" onClick={() => void take('mnist')}>
              {text.mnist}
            </button>
          )}
          {info?.name !== 'styles' && (
            <button type="button" {...explained(text.stylesTip)} onClick={() => void take('styles')}>
              {text.styles}
            </button>
          )}
          {info?.name !== 'generated' && (
            <button type="button" onClick={() => void take('generated')}>
              {text.generated}
            </button>
          )}
        </div>
        <FileInput
          at={folder}
          more={{ webkitdirectory: true }}
          part="folder"
          onFiles={(files) => takeFiles(files)}
        />
        <FileInput at={input} more={{ multiple: true }} onFiles={(files) => takeFiles(files)} />
      </div>
    </section>
  );
}

/** Over the whole page while files are held above it. */
export function DropHere() {
  useEffect(listenToDrops, []);
  return isDropNear.value ? (
    <div class="drop-over">
      <p>{laterWords.value.data.dropNow}</p>
    </div>
  ) : null;
}
