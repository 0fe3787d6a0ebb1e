import type { Settings } from '../state/settings';
import { change, play } from '../state/training';
import { words } from '../words';

/** Small experiments, each one press away. */
export function Ideas() {
  const text = words.value.ideas;
  const go = (part: Partial<Settings>) => () => {
    change(part);
    play();
    scrollTo({ top: 0 });
  };
  return (
    <section class="ideas" aria-labelledby="ideas-heading">
      <h2 id="ideas-heading">{text.heading}</h2>
      <ul>
        {text.list.map((idea) => (
          <li key={idea.title}>
            <h3>{idea.title}</h3>
            <p>{idea.text}</p>
            <button type="button" onClick={go(idea.try)}>
              {text.go}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
