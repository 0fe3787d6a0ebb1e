/** The transport of lessons with a network of their own: the same three buttons and keys as the digits' one. */
import { type Signal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explained } from '../../parts/explained';
import { Icon } from '../../parts/icons';
import { lessonKeys } from '../../state/lesson';
import { sharedWords } from '../words';

/** Does `tick` before each frame while `isPlaying`; a tick that takes longer than a frame is waited for. */
export function useFrames(isPlaying: Signal<boolean>, tick: () => void | Promise<void>): void {
  useSignalEffect(() => {
    if (!isPlaying.value) return;
    let isOver = false;
    const next = async () => {
      if (isOver) return;
      await tick();
      if (!isOver) requestAnimationFrame(() => void next());
    };
    requestAnimationFrame(() => void next());
    return () => {
      isOver = true;
    };
  });
  useEffect(
    () => () => {
      isPlaying.value = false;
    },
    [],
  );
}

interface Actions {
  step: () => void;
  reset: () => void;
  /** What the key C does, where there is something to clear. */
  clear?: () => void;
}

export function Player({
  isPlaying,
  stepName,
  ...actions
}: Actions & { isPlaying: Signal<boolean>; stepName?: string }) {
  const text = sharedWords.value;
  const toggle = () => {
    isPlaying.value = !isPlaying.peek();
  };
  useEffect(() => {
    const { step, reset, clear } = actions;
    lessonKeys.value = { ' ': toggle, s: step, r: reset, ...(clear && { c: clear }) };
    return () => {
      lessonKeys.value = {};
    };
  });
  return (
    <div class="player transport" data-part="player" data-value={isPlaying.value ? 'playing' : 'paused'}>
      <button
        type="button"
        class="play"
        id="play"
        data-part="lesson-play"
        onClick={toggle}
        {...explained(text.tips.play)}
      >
        <Icon name={isPlaying.value ? 'pause' : 'play'} />
        {isPlaying.value ? text.pause : text.play}
      </button>
      <button type="button" data-part="lesson-step" onClick={actions.step} {...explained(text.tips.step)}>
        <Icon name="step" />
        {stepName ?? text.step}
      </button>
      <button type="button" data-part="lesson-reset" onClick={actions.reset} {...explained(text.tips.reset)}>
        <Icon name="reset" />
        {text.reset}
      </button>
    </div>
  );
}
