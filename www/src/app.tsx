import { useEffect } from 'preact/hooks';
import { Header } from './parts/Header';
import { Below, Foot, Network, Over } from './parts/late';
import { Read } from './parts/Read';
import { Strip } from './parts/Strip';
import { Training } from './parts/Training';
import { listenToDrops } from './state/drops';
import { listenToKeys } from './state/keys';
import { words } from './words';

/** The first thing that Tab comes to. It leads past the tiles; the address, which holds the settings, stays as it is. */
const Skip = () => (
  <button type="button" class="skip" onClick={() => document.getElementById('play')?.focus()}>
    {words.value.skip}
  </button>
);

export function App() {
  useEffect(listenToKeys, []);
  useEffect(listenToDrops, []);
  document.title = words.value.title;
  return (
    <>
      <Skip />
      <Header />
      <main>
        <div class="bench">
          <Read />
          <Training strip={<Strip />} />
          <section class="column network">
            <Network />
          </section>
        </div>
        <Below />
      </main>
      <Foot />
      <Over />
    </>
  );
}
