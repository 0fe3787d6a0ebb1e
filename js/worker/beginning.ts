/** What `createTrainer` is told, checked: how its worker is made, and what the worker is told at its start. */
import { describe, fault, onlyKeys } from '../engine/errors.js';
import { isNode } from '../engine/local.js';
import { can, isArray, isFunction, isGone, isRevoked } from '../engine/look.js';
import { packageWorker, workerAt } from '../engine/worker-script.js';
import { fullAddress } from './address.js';
import { absolute } from './digits.js';
import type { WorkerLike } from './life.js';
import type { BeginOptions, MnistSource } from './protocol.js';

export interface TrainerOptions extends Pick<BeginOptions, 'mode' | 'threads'> {
  /**
   * The address of the worker's script, which may lie on another site, or a function that makes the worker: where a
   * bundler needs it done its own way.
   */
  worker?: string | URL | (() => WorkerLike);
  /** The exact one-thread module, as for `init`: its address or its bytes, where the worker does not find it by itself. */
  wasm?: string | URL | BufferSource | WebAssembly.Module;
  /** MNIST, when that is what will be loaded: its files are fetched while the module is compiled. */
  mnist?: MnistSource;
  /** Addresses of modules with layers, losses and metrics of your own, which the worker loads. */
  modules?: (string | URL)[];
  /** Milliseconds in which the worker must have begun, its modules loaded. Default: 60,000. */
  patience?: number;
}

/** How a worker begins. */
export interface Beginning {
  make: () => WorkerLike;
  begin: BeginOptions;
  patience: number;
}

/** The options, checked before anything is started. */
export async function beginning(options: TrainerOptions): Promise<Beginning> {
  onlyKeys('createTrainer', options, ['worker', 'wasm', 'mnist', 'modules', 'mode', 'threads', 'patience']);
  const { worker, wasm, mnist, modules, mode, threads, patience = 60_000 } = options ?? {};
  if (!(typeof patience === 'number' && patience > 0 && patience < 2 ** 31))
    throw fault('value', `createTrainer: patience: expected milliseconds, got ${describe(patience)}`);
  if (modules !== undefined && !isArray(modules))
    throw fault('type', `createTrainer: modules: expected a list of addresses, got ${describe(modules)}`);
  if (mnist !== undefined && typeof (mnist as Partial<MnistSource> | null)?.url !== 'string')
    throw fault('type', `createTrainer: mnist: expected { url }, got ${describe(mnist)}`);
  const make = await maker(worker);
  const begin: BeginOptions = {
    ...(mode === undefined ? {} : { mode }),
    ...(threads === undefined ? {} : { threads }),
    ...(wasm === undefined ? {} : { wasm: moduleFor(wasm) }),
    ...(mnist ? { mnist: absolute('createTrainer: mnist', mnist) } : {}),
    ...(modules ? { modules: modules.map((address) => fullAddress('createTrainer: modules', address)) } : {}),
  };
  return { make, begin, patience };
}

/** What an object says it is: of another frame's or context's class too. */
const kindOf = (value: unknown): string =>
  isRevoked(value) ? 'nothing' : Object.prototype.toString.call(value).slice(8, -1);

/** The module as it crosses: addresses in full, since they would be relative to the worker's script. */
function moduleFor(wasm: unknown): NonNullable<BeginOptions['wasm']> {
  const kind = kindOf(wasm);
  if (kind === 'String' || kind === 'URL') return fullAddress('createTrainer: wasm', wasm);
  const isView = ArrayBuffer.isView(wasm) && !isGone(wasm);
  if (/^(Shared)?ArrayBuffer$|^WebAssembly\.Module$/.test(kind) || isView)
    return wasm as BufferSource | WebAssembly.Module;
  const expected = 'an address, bytes or a WebAssembly.Module';
  throw fault('type', `createTrainer: wasm: expected ${expected}, got ${describe(wasm)}`);
}

/** What makes the worker. */
async function maker(worker: unknown): Promise<() => WorkerLike> {
  if (isFunction(worker))
    return () => {
      const made: unknown = (worker as () => unknown)();
      if (can(made, 'postMessage') && can(made, 'addEventListener')) return made as WorkerLike;
      throw fault(
        'type',
        `createTrainer: worker: expected the function to make a Worker, got ${describe(made)}`,
      );
    };
  if (worker !== undefined && !/^(String|URL)$/.test(kindOf(worker)))
    throw fault('type', `createTrainer: worker: expected an address or a function, got ${describe(worker)}`);
  if (typeof Worker === 'undefined') {
    if (isNode() && worker === undefined) return (await import('./thread.js')).threads();
    const instead = 'use sequential() and model.fit, which also yield';
    throw fault('state', `createTrainer: there are no web workers here; ${instead}`);
  }
  if (worker === undefined) return () => packageWorker(import.meta.url, './worker.js', 'mapling', ownWorker);
  const address = fullAddress('createTrainer: worker', worker);
  return () => workerAt(address, 'mapling');
}

const ownWorker = (): Worker =>
  new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'mapling' });
