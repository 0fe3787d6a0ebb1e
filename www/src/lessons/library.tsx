/**
 * What lessons compute with: all of mapling, in the page's own thread, where their small networks take a few milliseconds a
 * frame. It is loaded once, for the first lesson that asks.
 */
import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { laterWords } from '../later/words';

type State = 'coming' | 'there' | 'missing';

const state = signal<State>('coming');
let loading: Promise<void> | undefined;

/** Loads mapling unless it is there; rejects when it cannot be had, and may be called again then. */
function load(): Promise<void> {
  loading ??= import('mapling')
    .then(({ init }) => init({ threads: 1 }))
    .then(
      () => {
        state.value = 'there';
      },
      (failure: unknown) => {
        loading = undefined;
        throw failure;
      },
    );
  return loading;
}

/**
 * A part of a lesson that computes with mapling. `fetchPart` imports it, from a file of its own: the lesson's text need not
 * wait for it. Until both are there, and if they cannot be had, a word stands in its place.
 */
export function withLibrary(fetchPart: () => Promise<FunctionComponent>): FunctionComponent {
  const part = signal<FunctionComponent | null>(null);
  async function begin(): Promise<void> {
    state.value = state.peek() === 'there' ? 'there' : 'coming';
    try {
      // Lessons make their tensors as soon as they are there, which takes the library.
      await load();
      part.value = await fetchPart();
    } catch (failure) {
      console.error(failure);
      state.value = 'missing';
    }
  }
  return function Computing() {
    useEffect(() => {
      if (!part.peek()) void begin();
    }, []);
    const text = laterWords.value.lessons;
    const Part = part.value;
    if (Part) return <Part />;
    const isMissing = state.value === 'missing';
    return (
      <div class="lesson-coming" data-part="library" data-value={state.value} aria-busy={!isMissing}>
        <p role={isMissing ? 'alert' : 'status'}>{isMissing ? text.library.missing : text.library.coming}</p>
        {isMissing && (
          <button type="button" onClick={() => void begin()}>
            {text.again}
          </button>
        )}
      </div>
    );
  };
}
