import { signal } from '@preact/signals';
import { laterWords } from '../later/words';
import { network } from '../state/session';

type Module = typeof import('./Share');

/** The card comes once somebody wants it. */
const card = signal<Module | null>(null);
const isOpen = signal(false);

async function open(): Promise<void> {
  card.value ??= await import('./Share');
  isOpen.value = true;
}

/** Opens the card of one's result. */
export function ShareButton() {
  const Share = card.value?.Share;
  return (
    <>
      <button
        type="button"
        class="quiet share-button"
        data-part="share-button"
        disabled={network.value === null}
        onClick={() => void open()}
      >
        {laterWords.value.lessons.share}
      </button>
      {isOpen.value && Share && (
        <Share
          close={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}
