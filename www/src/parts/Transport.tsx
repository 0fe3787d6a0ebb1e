import { play, stopForNow } from '../state/open';
import { status } from '../state/session';
import { reset, step } from '../state/training';
import { words } from '../words';
import { explained } from './explained';
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
        id="play"
        class="play"
        onClick={play}
        {...explained(sentences(text.playTip, text.key(text.space)))}
        data-lit={now === 'training'}
      >
        <Icon name="play" />
        {playWord}
      </button>
      <button
        type="button"
        data-part="pause"
        onClick={stopForNow}
        {...explained(sentences(text.pauseTip, text.key(text.space)))}
        data-lit={now === 'paused'}
      >
        <Icon name="pause" />
        {text.pause}
      </button>
      <button
        type="button"
        data-part="step"
        onClick={step}
        {...explained(sentences(text.stepTip, text.key('S')))}
      >
        <Icon name="step" />
        {text.step}
      </button>
      <button
        type="button"
        data-part="reset"
        onClick={reset}
        {...explained(sentences(text.resetTip, text.key('R')))}
      >
        <Icon name="reset" />
        {text.reset}
      </button>
    </fieldset>
  );
}
