/** Files that the browser hands to the user: `model.json` and one with the weights. */
import { describe, fault } from '../engine/errors.js';
import { checkTopology, getModelArtifactsInfoForJSON, modelJSONOf } from './artifacts.js';
import { composite } from './buffers.js';
import type { IOHandler, ModelArtifacts, SaveResult } from './types.js';

/** After so long the browser has taken a file over. */
const KEPT_FOR = 60_000;

/** Hands a file to the user. */
export async function download(where: string, name: string, parts: BlobPart[], type: string): Promise<void> {
  if (typeof document === 'undefined')
    throw fault('state', `${where}: there are downloads in pages only, and not here`);
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.download = name;
  link.href = address;
  // A turn of the event loop between two files: some browsers take only the last of those that come at once.
  await new Promise((resolve) => setTimeout(resolve));
  link.dispatchEvent(new MouseEvent('click'));
  const later: unknown = setTimeout(() => URL.revokeObjectURL(address), KEPT_FOR);
  // In Node, where tests have a document, a timer keeps the program running.
  (later as { unref?(): void }).unref?.();
}

/** Hands out `<path>.json` and `<path>.weights.bin`. */
export async function save(path: string, artifacts: ModelArtifacts): Promise<SaveResult> {
  checkTopology('save', artifacts);
  const name = path || 'model';
  const weights = `${name}.weights.bin`;
  const manifest = [{ paths: [`./${weights}`], weights: artifacts.weightSpecs ?? [] }];
  const json = JSON.stringify(modelJSONOf(artifacts, manifest));
  await download('save', `${name}.json`, [json], 'application/json');
  if (artifacts.weightData)
    await download(
      'save',
      weights,
      [composite('save', artifacts.weightData).slice()],
      'application/octet-stream',
    );
  return { modelArtifactsInfo: getModelArtifactsInfoForJSON(artifacts) };
}

/**
 * The place `downloads://<fileNamePrefix>`.
 * @example typeof io.browserDownloads('my-model').save; // → 'function'
 */
export function browserDownloads(fileNamePrefix = 'model'): IOHandler {
  if (typeof fileNamePrefix !== 'string')
    throw fault(
      'type',
      `browserDownloads: expected the beginning of a file's name, got ${describe(fileNamePrefix)}`,
    );
  return { save: (artifacts) => save(fileNamePrefix.replace(/^downloads:\/\//, ''), artifacts) };
}
