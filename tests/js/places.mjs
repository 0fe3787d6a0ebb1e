// What the tests of files and places share: a small model, a folder, what browsers have.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapling } from './mapling.mjs';

const { io, layers, sequential, tensor } = mapling;
export const flat = (one) => Array.from(one.dataSync());

/** A model of one layer, y = 2x + 1. */
export function line(config = {}) {
  const model = sequential({
    layers: [layers.dense({ units: 1, inputShape: [1], name: 'line' })],
    ...config,
  });
  model.setWeights([tensor([[2]]), tensor([1])]);
  return model;
}
/** What a model answers to 3. */
export const answer = (model) => flat(model.predict(tensor([[3]])))[0];
export const bytesOf = (...values) => Float32Array.from(values).buffer;
export const numbers = (buffer) => Array.from(new Float32Array(buffer));

/** The artifacts that a model saves. */
export async function artifactsOf(model, config) {
  let saved;
  const result = await model.save(
    io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
    }),
    config,
  );
  return { ...saved, result };
}

/** Does `work` in a folder that is taken away after it. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-io-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does `work` with globals that a browser has. */
export async function having(globals, work) {
  const before = Object.keys(globals).map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    await work();
  } finally {
    Object.keys(globals).forEach((name, at) => {
      if (before[at]) Object.defineProperty(globalThis, name, before[at]);
      else delete globalThis[name];
    });
  }
}

/** Local storage, which may be full. */
export function storage({ most = Number.POSITIVE_INFINITY } = {}) {
  const kept = new Map();
  const size = () => [...kept.values()].reduce((sum, text) => sum + text.length, 0);
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem(key, text) {
      if (size() - (kept.get(key)?.length ?? 0) + text.length > most)
        throw Object.assign(new Error('the quota has been exceeded'), { name: 'QuotaExceededError' });
      kept.set(key, text);
    },
  };
}
