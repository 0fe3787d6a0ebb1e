import { experiment } from '../state/experiments';
import type { Settings } from '../state/settings';
import { laterWords } from './words';

/** Small experiments, each one press away. */
export function Ideas() {
  const text = laterWords.value.ideas;
  const go = (part: Partial<Settings>) => () => {
    experiment(part);
    scrollTo({ top: 0 });
  };
  return (
    <section class="ideas" aria-labelledby="ideas-heading">
      <h2 id="ideas-heading">{text.heading}</h2>
      <p class="lead">{text.lead}</p>
      <ul>
        {text.list.map((idea) => (
          <li key={idea.title}>
            <h3>{idea.title}</h3>
            <p>{idea.text}</p>
            <button type="button" onClick={go(idea.try)} aria-label={`${text.go}: ${idea.title}`}>
              {text.go}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
