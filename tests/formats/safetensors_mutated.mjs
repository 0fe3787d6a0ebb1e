// Mutated safetensors files, read by the package: `node tests/formats/safetensors_mutated.mjs 100000 [seed [begin]]`. Each is read
// as tensors, or refused by one error with a code.
import { fromCommandLine, readMany } from '../fuzz/read_many.mjs';
import { mapling } from './mapling.mjs';
import { mutated as changed } from './mutations.mjs';
import { startPython } from './python.mjs';

const { io, layers, sequential, tensor } = mapling;

/** Files of a model, of tensors of all kinds that are here, and one of the format's own package with kinds that are not. */
async function sources() {
  const made = sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] });
  const python = startPython('run_safetensors.py');
  const { file, error } = await python.ask({
    write: {
      h: { dtype: 'float16', shape: [4], data: [1, 2, 3, 4] },
      l: { dtype: 'int64', shape: [2], data: [1, 2] },
    },
  });
  python.stop();
  if (error) throw new Error(error);
  return [
    await io.toSafetensors(made, { metadata: { format: 'mapling' } }),
    await io.toSafetensors({ a: tensor([1, 2], [2], 'int32'), b: tensor([true], [1], 'bool'), c: tensor(1) }),
    new Uint8Array(Buffer.from(file, 'base64')),
  ];
}

/** Reads so many mutated files. */
export async function mutated(count, seed, begin) {
  const files = await sources();
  const letGo = ({ tensors }) => {
    for (const x of Object.values(tensors)) x.dispose();
  };
  for (const file of files) letGo(await io.fromSafetensors(file));
  const make = (chosen) => {
    const bytes = changed(files, () => chosen.below(2 ** 32) / 2 ** 32);
    const codes = ['format', 'value', 'shape'];
    return { bytes, read: () => io.fromSafetensors(bytes), after: letGo, where: /^fromSafetensors: /, codes };
  };
  return readMany({ memory: mapling.memory, make, count, seed, begin });
}

await fromCommandLine(import.meta.url, { safetensors: mutated });
