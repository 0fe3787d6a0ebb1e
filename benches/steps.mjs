// Training steps and single predictions of mapling, in every engine.
import { hosts } from './hosts.mjs';
import { compare } from './race.mjs';

/** Samples of a round: whole epochs of the tutorial's network, about a second of the others. */
export const samples = {
  W1: 60_000,
  W1b: 60_000,
  W2: 2560,
  W2b: 4000,
  W3: 12_800,
  W5: 12_800,
  W6: 640,
  W7: 6400,
  W8: 640,
  W9: 160,
  W10: 60_000,
};

/** Fast mode needs relaxed SIMD, which Node's LTS versions lack. */
const places = [
  { which: 'node', mode: 'exact' },
  { which: 'chromium', mode: 'exact' },
  { which: 'chromium', mode: 'fast' },
  { which: 'firefox', mode: 'exact' },
  { which: 'firefox', mode: 'fast' },
];

export const steps = ({ where, rounds, names, report }) =>
  compare({ names, rounds, report }, async (origin, open) => {
    const runners = [];
    for (const { which, mode } of places.filter(({ which }) => where.includes(which))) {
      report(`steps: starting ${which}, ${mode}`);
      const host = await hosts[which](origin);
      open.push(host);
      const seat = await host.seat('mapling', { mode });
      open.push(seat);
      runners.push({ name: mode === 'exact' ? host.name : `${host.name}, ${mode}`, seat, samples });
    }
    return runners;
  });

export { show } from './standings.mjs';
