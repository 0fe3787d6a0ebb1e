// Times the cases in a WebAssembly module: the same file in Node and in pages.

/** `[{ name, flops, seconds: […] }]` of the cases whose names contain one of `words`, and of the peak. */
export async function measure(bytes, { rounds, words, clock }) {
  const { instance } = await WebAssembly.instantiate(bytes, { env: { now: clock } });
  const { count, name, name_len, flops, seconds, memory } = instance.exports;
  const nameOf = (index) =>
    new TextDecoder().decode(new Uint8Array(memory.buffer, name(index), name_len(index)));
  const wanted = (called) =>
    called === 'peak' || words.length === 0 || words.some((part) => called.includes(part));
  const cases = Array.from({ length: count() }, (_, index) => ({
    index,
    name: nameOf(index),
    flops: flops(index),
    seconds: [],
  })).filter((one) => wanted(one.name));
  for (let round = 0; round < rounds; round++) {
    for (const one of cases) one.seconds.push(seconds(one.index));
  }
  return cases;
}
