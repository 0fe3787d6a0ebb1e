// Files that something has happened to, for readers that must not mind. The same seed gives the same files.

/** Numbers from 0 to 1, by Marsaglia's xorshift. */
export function randomFrom(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Numbers that programs trip over. */
const EDGES = [0, 1, 127, 128, 255, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** All places in a value: the container and the key. */
export function places(value, found = []) {
  if (value === null || typeof value !== 'object') return found;
  for (const key of Object.keys(value)) {
    found.push([value, key]);
    places(value[key], found);
  }
  return found;
}

/** How many files are tried in `npm test`; `MAPLING_MUTATIONS=100000` tries more. */
export const count = (usual) => Number(process.env.MAPLING_MUTATIONS ?? usual);

/** A file made of `files`, changed in one place or in several. */
export function mutated(files, random) {
  const pick = (all) => all[Math.floor(random() * all.length)];
  const place = (length) => Math.floor(random() * (length + 1));
  // Most of what can go wrong is at the beginning and at the end.
  const near = (length) => {
    const at = Math.floor(random() ** 3 * length);
    return random() < 0.3 ? length - at : at;
  };
  const changes = [
    (file) => file.subarray(0, place(file.length)),
    (file) => {
      const changed = file.slice();
      for (let left = 1 + Math.floor(random() * 8); left > 0 && changed.length > 0; left--)
        changed[Math.min(near(changed.length), changed.length - 1)] = Math.floor(random() * 256);
      return changed;
    },
    (file) => {
      const changed = file.slice();
      const at = near(changed.length);
      if (at + 4 <= changed.length) new DataView(changed.buffer).setUint32(at, pick(EDGES), random() < 0.8);
      return changed;
    },
    (file) => {
      const [from, to] = [place(file.length), place(file.length)].sort((a, b) => a - b);
      return Uint8Array.from([...file.subarray(0, from), ...file.subarray(to)]);
    },
    (file) => {
      const [from, to] = [near(file.length), place(file.length)].sort((a, b) => a - b);
      const piece = file.subarray(from, Math.min(to, from + 64));
      return Uint8Array.from([...file.subarray(0, from), ...piece, ...piece, ...file.subarray(from)]);
    },
    (file) => {
      const other = pick(files);
      return Uint8Array.from([
        ...file.subarray(0, place(file.length)),
        ...other.subarray(place(other.length)),
      ]);
    },
    (file) => {
      // A digit or a sign of a text, of which the beginnings of many files are made.
      const changed = file.slice();
      const texts = '0123456789-.eE"{}[],:\\ ';
      const at = near(changed.length);
      if (at < changed.length) changed[at] = texts.charCodeAt(Math.floor(random() * texts.length));
      return changed;
    },
  ];
  let file = pick(files);
  for (let left = random() < 0.7 ? 1 : 3; left > 0; left--) file = pick(changes)(file);
  return file.slice();
}
