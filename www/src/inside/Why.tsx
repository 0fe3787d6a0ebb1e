import { count } from '../format';
import { nameOf } from '../state/classes';
import { digitsRead, guess, isEmpty } from '../state/drawing';
import { network } from '../state/session';
import { alike, reasons, WAYS } from './look';
import { largest, Picture } from './Picture';
import { insideWords } from './words';

/**
 * Why the network gives the answer that it gives: four pictures, and the training digits that it finds most alike. As a part
 * of a lesson its heading stands below that of the lesson.
 */
export function Why({ isPart = false }) {
  const Heading = isPart ? 'h3' : 'h2';
  const text = insideWords.value.why;
  const found = reasons.value;
  const near = found.nearest;
  const [read, whole] = [digitsRead.value, guess.value];
  const pixels = alike.value;
  if (isEmpty.value)
    return isPart ? null : (
      <section class="why" aria-labelledby="why-heading">
        <Heading id="why-heading">{text.heading}</Heading>
        <p class="lead">{text.empty}</p>
      </section>
    );
  // A network without convolutions has no maps.
  const ways = WAYS.filter((way) => way !== 'activation' || found.activation);
  const hasMaps = network.value?.layers.some(({ className }) => className === 'Conv2D') ?? false;
  return (
    <section class="why" aria-labelledby="why-heading">
      <Heading id="why-heading">{text.heading}</Heading>
      <p class="lead">{text.lead(hasMaps)}</p>
      {read.length !== 1 && whole && <p class="lead">{text.asOne(nameOf(whole.digit), read.length)}</p>}
      <div class="why-ways">
        {ways.map((way) => {
          const reason = found[way];
          const values = reason?.values;
          return (
            <figure key={way}>
              <Picture
                width={28}
                height={28}
                value={(x, y) => values?.[y * 28 + x] ?? 0}
                full={values ? 0.7 * largest(values) : 1}
                label={text[way]}
              />
              <figcaption>
                <b>{text[way]}</b> {reason ? text.as(nameOf(reason.class)) : text.asking}
                <span>{text[`${way}Not`]}</span>
              </figcaption>
            </figure>
          );
        })}
      </div>
      {near?.nearest && pixels && (
        <figure class="alike">
          <div>
            {near.nearest.map(({ index, label }, at) => (
              <span key={index}>
                <Picture
                  width={28}
                  height={28}
                  value={(x, y) => pixels[at * 784 + y * 28 + x] ?? 0}
                  full={255}
                  label={text.label(label)}
                />
                <b>{label}</b>
              </span>
            ))}
          </div>
          <figcaption>
            <b>{text.nearest}</b>
            <span>{text.nearestNot(count(near.looked ?? 0))}</span>
          </figcaption>
        </figure>
      )}
    </section>
  );
}
