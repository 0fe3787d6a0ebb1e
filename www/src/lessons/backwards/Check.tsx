/** A gradient against a difference, and for the curious the gradient of the gradient. */
import { short } from '../parts/numbers';
import { type Name, names } from './graph';
import { chosen, curvature, difference, gradients, reach } from './model';
import { lessonWords } from './words';

const REACHES = [1, 0.1, 0.01, 0.001, 0.0001];
/** More digits than elsewhere: they are here to be compared. */
const long = (value: number): string => value.toFixed(5).replace('-', '−');

export function Check() {
  const text = lessonWords.value.lab;
  const name = chosen.value;
  const { above, below, slope } = difference.value;
  const h = short(reach.value);
  return (
    <section class="check" aria-label={text.check}>
      <div class="check-head">
        <h3>{text.check}</h3>
        <label>
          {text.ofNode}{' '}
          <select
            data-part="check-node"
            value={name}
            onInput={({ currentTarget }) => {
              chosen.value = currentTarget.value as Name;
            }}
          >
            {names.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <label>
          h{' '}
          <select
            data-part="check-reach"
            value={reach.value}
            onInput={({ currentTarget }) => {
              reach.value = Number(currentTarget.value);
            }}
          >
            {REACHES.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="formula">
        (L({name} + {h}) − L({name} − {h})) / {short(2 * reach.value)} = ({long(above)} − {long(below)}) /{' '}
        {short(2 * reach.value)} ={' '}
        <b data-part="difference" data-value={slope}>
          {long(slope)}
        </b>
      </p>
      <p class="formula">
        ∂L/∂{name} ={' '}
        <b data-part="gradient" data-value={gradients.value[name]}>
          {long(gradients.value[name])}
        </b>{' '}
        <span class="hint">{text.byAutograd}</span>
      </p>
      <p class="hint">{text.checkHint}</p>
      <details>
        <summary>{text.curious}</summary>
        <p class="formula">
          ∂²L/∂{name}² ={' '}
          <b data-part="curvature" data-value={curvature.value}>
            {long(curvature.value)}
          </b>{' '}
          <code>grad(grad(loss))</code>
        </p>
        <p>{text.curvature(curvature.value)}</p>
      </details>
    </section>
  );
}
