/** The service worker, which opens the page without a network, and isolates it where a host does not. */
import { machine } from './machine';

/** Milliseconds after which the parts that nobody has opened yet are kept too. */
const REST_AFTER = 5000;

async function registered(): Promise<ServiceWorker | null> {
  const { serviceWorker } = navigator;
  // The sources that are served while one writes them change all the time.
  if (!serviceWorker || !import.meta.env.PROD) return null;
  await serviceWorker.register('./sw.js');
  return (await serviceWorker.ready).active;
}

/** Keeps the page for visits without a network: what it began with at once, the rest when there is nothing else to do. */
export async function keepPage(): Promise<void> {
  try {
    const worker = await registered();
    setTimeout(() => {
      const { mode = 'exact', threads = 1 } = machine.peek() ?? {};
      const name =
        mode === 'fast' ? (threads > 1 ? 'fast_threads' : 'fast') : threads > 1 ? 'threads' : 'mapling';
      worker?.postMessage({ keepRest: name });
    }, REST_AFTER);
  } catch {
    // A private window may refuse, or have no room: the page is there as long as the network is.
  }
}

/** Whether the page is to have what threads need, from its next load on. */
export async function isolate(yes: boolean): Promise<void> {
  try {
    if (yes === crossOriginIsolated) return;
    const worker = await registered();
    if (!worker) return;
    const { port1, port2 } = new MessageChannel();
    const done = new Promise((resolve) => {
      port1.onmessage = resolve;
    });
    worker.postMessage({ isolate: yes }, [port2]);
    await done;
  } catch {
    // The page goes on with one thread, and says so.
  }
}
