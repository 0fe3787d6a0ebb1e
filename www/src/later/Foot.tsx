import { laterWords } from './words';

/** What js/package.json says, written here when the page is built (www/vite.config.ts). */
declare const __LINKS__: { source: string; documentation: string; npm: string };

/** Where the page's code, its description and the licences of what it is made of are found. */
const LINKS = {
  ...__LINKS__,
  licences: './licences.txt',
} as const;

/** What the page is made of, and where to go on. */
export function Foot() {
  const text = laterWords.value.foot;
  return (
    <footer class="foot">
      <p>{text.made}</p>
      <ul>
        {(Object.keys(LINKS) as (keyof typeof LINKS)[]).map((name) => (
          <li key={name}>
            <a href={LINKS[name]}>{text[name]}</a>
          </li>
        ))}
      </ul>
      <p>
        {text.mnist} {text.parts}
      </p>
    </footer>
  );
}
