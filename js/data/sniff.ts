/** What a file is that was taken for another: by the bytes it begins with, as each format's description gives them. */

export type Looks = 'picture' | 'gzip' | 'zip' | 'pdf' | 'hdf5' | 'npy' | 'text' | 'empty' | 'unknown';

/** First bytes, as characters: those above 127 stand for themselves. */
const BEGINNINGS: [begins: string, looks: Looks][] = [
  ['\x89PNG', 'picture'],
  ['\xff\xd8\xff', 'picture'],
  ['GIF8', 'picture'],
  ['RIFF', 'picture'],
  ['\x1f\x8b', 'gzip'],
  ['PK\x03\x04', 'zip'],
  ['%PDF', 'pdf'],
  ['\x89HDF', 'hdf5'],
  ['\x93NUMPY', 'npy'],
];

/** What the first bytes of a file say. */
export function looksLike(start: Uint8Array): Looks {
  if (start.length === 0) return 'empty';
  const head = String.fromCharCode(...start.subarray(0, 64));
  const known = BEGINNINGS.find(([begins]) => head.startsWith(begins));
  if (known) return known[1];
  // Letters, signs, spaces and ends of lines, or bytes of other alphabets.
  return /^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(head) ? 'text' : 'unknown';
}
