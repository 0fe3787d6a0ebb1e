import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import '../style/share.css';
import { Icon } from '../parts/icons';
import { isOfSeed } from '../state/runs';
import { theme } from '../state/theme';
import { cardFile, cardText, drawCard, HEIGHT, linkToRun, WIDTH } from './card';
import { shareWords } from './words';

/** Whether the browser can hand a picture over to other programs. */
function canShareFiles(): boolean {
  const probe = new File([], 'mapling.png', { type: 'image/png' });
  return navigator.canShare?.({ files: [probe] }) === true;
}

/** One's result as a card, to be handed on. It shows the moment at which it was asked for. */
export function Share({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const link = useRef<HTMLInputElement>(null);
  const said = useSignal('');
  const about = useSignal('');
  const address = useSignal('');
  const text = shareWords.value;
  useEffect(() => {
    address.value = linkToRun();
    about.value = cardText();
    dialog.current!.showModal();
    void document.fonts.ready.then(() => canvas.current && drawCard(canvas.current));
  }, []);
  useSignalEffect(() => {
    theme.value;
    shareWords.value;
    drawCard(canvas.current!);
  });
  const share = async (): Promise<void> => {
    try {
      const files = [await cardFile(canvas.current!)];
      await navigator.share({ files, title: text.title, text: about.value, url: address.value });
    } catch (failure) {
      // Whoever changes their mind is not told about it.
      if ((failure as Error).name !== 'AbortError') said.value = text.failed;
    }
  };
  const download = async (): Promise<void> => {
    const file = await cardFile(canvas.current!);
    const place = document.createElement('a');
    place.href = URL.createObjectURL(file);
    place.download = file.name;
    place.click();
    setTimeout(() => URL.revokeObjectURL(place.href), 10_000);
    said.value = text.downloaded;
  };
  const copy = async (): Promise<void> => {
    link.current!.select();
    try {
      await navigator.clipboard.writeText(address.value);
      said.value = text.copied;
    } catch {
      said.value = text.copyByHand;
    }
  };
  return (
    <dialog ref={dialog} class="share" data-part="share" aria-labelledby="share-heading" onClose={close}>
      <header>
        <h2 id="share-heading">{text.heading}</h2>
        <button
          type="button"
          class="quiet square"
          onClick={() => dialog.current!.close()}
          aria-label={text.close}
        >
          <Icon name="close" />
        </button>
      </header>
      <canvas
        ref={canvas}
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={about.value}
        data-part="card"
      />
      <label for="share-link">{isOfSeed() ? text.link : text.linkWithout}</label>
      <input id="share-link" ref={link} type="text" readOnly value={address.value} data-part="link" />
      <div class="row">
        {canShareFiles() && (
          <button type="button" class="go" onClick={() => void share()}>
            {text.share}
          </button>
        )}
        <button type="button" onClick={() => void download()} data-part="download">
          {text.download}
        </button>
        <button type="button" onClick={() => void copy()} data-part="copy-link">
          {text.copy}
        </button>
      </div>
      <p role="status">{said.value}</p>
    </dialog>
  );
}
