import { useEffect, useRef } from 'preact/hooks';
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
import { belowInSight } from './state/testset';
import { words } from './words';

function Below() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver(
      ([now]) => {
        belowInSight.value = now!.isIntersecting;
      },
      // On a desk it begins where the screen ends: touching is not seeing.
      { rootMargin: '-1px' },
    );
    watch.observe(place.current!);
    return () => watch.disconnect();
  }, []);
  return (
    <div class="below" ref={place}>
      <Mistakes />
      <Confusion />
      <Ideas />
      <DataDrop />
    </div>
  );
}

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
        <Below />
      </main>
      <Tip />
    </>
  );
}
