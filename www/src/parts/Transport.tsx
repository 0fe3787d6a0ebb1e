import { status } from '../state/session';
import { pause, play, reset, step } from '../state/training';
import { words } from '../words';
import { Icon } from './icons';

/** The tape deck: every key is always there, and the one that describes the present is lit. */
export function Transport() {
  const { sentences, transport: text } = words.value;
  const now = status.value;
  const playWord = now === 'paused' ? text.resume : now === 'done' ? text.more : text.play;
  return (
    <fieldset class="transport" aria-label={text.label} data-now={now}>
      <button
        type="button"
        data-part="play"
        class="play"
        onClick={play}
        data-tip={sentences(text.playTip, text.key(text.space))}
        data-lit={now === 'training'}
      >
        <Icon name="play" />
        {playWord}
      </button>
      <button
        type="button"
        data-part="pause"
        onClick={pause}
        data-tip={sentences(text.pauseTip, text.key(text.space))}
        data-lit={now === 'paused'}
      >
        <Icon name="pause" />
        {text.pause}
      </button>
      <button type="button" data-part="step" onClick={step} data-tip={sentences(text.stepTip, text.key('S'))}>
        <Icon name="step" />
        {text.step}
      </button>
      <button
        type="button"
        data-part="reset"
        onClick={reset}
        data-tip={sentences(text.resetTip, text.key('R'))}
      >
        <Icon name="reset" />
        {text.reset}
      </button>
    </fieldset>
  );
}
