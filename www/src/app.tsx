import { useEffect } from 'preact/hooks';
import { Confusion } from './parts/Confusion';
import { DataDrop } from './parts/DataDrop';
import { Header } from './parts/Header';
import { Ideas } from './parts/Ideas';
import { NetworkPicture } from './parts/NetworkPicture';
import { NoticeLine } from './parts/NoticeLine';
import { Read } from './parts/Read';
import { Settings } from './parts/Settings';
import { Mistakes, Strip } from './parts/TestDigits';
import { Tip } from './parts/Tip';
import { Training } from './parts/Training';
import { listenToKeys } from './state/keys';
import { words } from './words';

export function App() {
  useEffect(listenToKeys, []);
  document.title = words.value.title;
  return (
    <>
      <Header />
      <main>
        <div class="screen">
          <NoticeLine />
          <div class="bench">
            <Read />
            <Training strip={<Strip />} />
            <section class="column network" aria-labelledby="network-heading">
              <NetworkPicture />
              <Settings />
            </section>
          </div>
        </div>
        <div class="below">
          <Mistakes />
          <Confusion />
          <Ideas />
          <DataDrop />
        </div>
      </main>
      <Tip />
    </>
  );
}
