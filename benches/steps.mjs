// Training steps and single predictions of mapling, in every engine.
import { hosts } from './hosts.mjs';
import { predictions, training } from './race.mjs';
import { site } from './site.mjs';

/** Samples of a round: whole epochs of the tutorial's network, about a second of the others. */
export const samples = { W1: 60_000, W1b: 60_000, W2: 2560, W2b: 4000, W3: 12_800 };

/** Fast mode needs relaxed SIMD, which Node's LTS versions lack. */
const places = [
  { which: 'node', mode: 'exact' },
  { which: 'chromium', mode: 'exact' },
  { which: 'chromium', mode: 'fast' },
  { which: 'firefox', mode: 'exact' },
  { which: 'firefox', mode: 'fast' },
];

export async function steps({ where, rounds, names, report }) {
  const server = await site();
  const open = [];
  try {
    const runners = [];
    for (const { which, mode } of places.filter(({ which }) => where.includes(which))) {
      report(`steps: starting ${which}, ${mode}`);
      const host = await hosts[which](server.origin);
      open.unshift(host);
      const seat = await host.seat('mapling', { mode });
      open.unshift(seat);
      runners.push({ name: mode === 'exact' ? host.name : `${host.name}, ${mode}`, seat, samples });
    }
    return {
      training: await training(runners, names, rounds, report),
      predictions: await predictions(runners, names, report),
    };
  } finally {
    for (const one of open) await one.close();
    await server.close();
  }
}

export { show } from './standings.mjs';
