import { goBack } from '../state/experiments';
import { before } from '../state/session';
import { words } from '../words';

/** That this run is an experiment, and the way back to the run before. */
export function Experiment() {
  const text = words.value.experiment;
  const earlier = before.value;
  if (!earlier) return null;
  return (
    <p class="experiment" data-part="experiment">
      <span>{earlier.run ? text.beside : text.alone}</span>
      <button type="button" class="link" data-part="back" onClick={goBack}>
        {text.back}
      </button>
    </p>
  );
}
