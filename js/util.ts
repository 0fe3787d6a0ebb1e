/** Small things that programs written for TensorFlow.js call. */

import { type Backend, backend } from './engine/backend.js';
import { checkFunction, describe, fault } from './engine/errors.js';
import { core, init } from './engine/instance.js';
import { isNode } from './engine/local.js';
import { isObject } from './engine/look.js';
import { namespace } from './engine/namespace.js';
import { nextTurn } from './engine/turn.js';
import { dispose, keep, scopes, tidy } from './grad/tidy.js';
import { type MemoryInfo, memory } from './tensor/memory.js';
import { type Variable, variablesByName } from './tensor/variable.js';

/** Resolves when others (painting, clicks) have had their turn. @example await nextFrame(); // → undefined */
export const nextFrame = (): Promise<void> => nextTurn();

/**
 * Ready when `init` is; for programs that wait for TensorFlow.js' backend.
 * @example await ready(); // → undefined
 */
export const ready = (): Promise<void> => init();

/** The backend's name in TensorFlow.js' words: always `wasm`. @example getBackend(); // → 'wasm' */
export const getBackend = (): string => 'wasm';

/** There is one backend: its names are taken, others refused. @example await setBackend('wasm'); // → true */
export async function setBackend(name: string): Promise<boolean> {
  if (!['wasm', 'cpu', 'webgl', 'webgpu', 'tensorflow'].includes(name))
    throw fault('name', `setBackend: unknown backend ${describe(name)}; there is wasm`);
  await init();
  return name === 'wasm';
}

/** Does nothing: checks are always on. @example enableProdMode(); // → undefined */
export const enableProdMode = (): void => {};
/** Does nothing: checks are always on. @example enableDebugMode(); // → undefined */
export const enableDebugMode = (): void => {};
/** Does nothing: nothing here is deprecated. @example disableDeprecationWarnings(); // → undefined */
export const disableDeprecationWarnings = (): void => {};
/**
 * Does nothing: nothing here is deprecated.
 * @example deprecationWarn('nothing is printed for this'); // → undefined
 */
export const deprecationWarn = (_message: string): void => {};

/**
 * What is there under a backend's name: what computes, or `null` for names of others.
 * @example findBackend('wasm') !== null; // → true
 */
export const findBackend = (name: string): Backend | null => (name === 'wasm' ? backend() : null);
/**
 * What makes a backend: nothing here, where there is only one.
 * @example typeof findBackendFactory('wasm'); // → 'function'
 */
export const findBackendFactory = (name: string): (() => Backend) | null =>
  name === 'wasm' ? backend : null;
/** The one backend stays; others are not there. @example removeBackend('wasm'); // → undefined */
export function removeBackend(name: string): void {
  if (name === 'wasm') return;
  throw fault('name', `removeBackend: unknown backend ${describe(name)}; there is wasm`);
}

/** What TensorFlow.js tells of the device. */
export const device_util = /* @__PURE__ */ namespace('device_util', {
  /**
   * Whether this is a page.
   * @example device_util.isBrowser() === (typeof document !== 'undefined'); // → true
   */
  isBrowser: (): boolean => !isNode(),
  /** Whether this is a telephone or a tablet. @example device_util.isMobile(); // → false */
  isMobile: (): boolean =>
    typeof navigator === 'object' && /Android|iPhone|iPad|Mobile/.test(navigator.userAgent ?? ''),
});

const flags = new Map<string, unknown>();
function flagName(flag: unknown): string {
  if (typeof flag === 'string') return flag;
  throw fault('type', `env: a flag is named by a string, got ${describe(flag)}`);
}

const environment = {
  /** Sets a flag, which changes nothing here. @example ENV.set('DEBUG', false); // → undefined */
  set: (flag: string, value: unknown): void => void flags.set(flagName(flag), value),
  /** Sets several flags. @example ENV.setFlags({ DEBUG: false }); // → undefined */
  setFlags(all: Record<string, unknown>): void {
    if (!isObject(all)) throw fault('type', `env: expected an object of flags, got ${describe(all)}`);
    for (const [flag, value] of Object.entries(all)) flags.set(flag, value);
  },
  /** The value of a flag. @example ENV.get('IS_BROWSER') === (typeof document !== 'undefined'); // → true */
  get(flag: string): unknown {
    const name = flagName(flag);
    if (flags.has(name)) return flags.get(name);
    return name === 'IS_NODE' ? isNode() : name === 'IS_BROWSER' ? !isNode() : undefined;
  },
  /** `get`, as a promise. @example typeof (await ENV.getAsync('IS_NODE')); // → 'boolean' */
  getAsync: async (flag: string): Promise<unknown> => environment.get(flag),
  /** Whether a flag is set to true. @example ENV.getBool('DEBUG'); // → false */
  getBool: (flag: string): boolean => environment.get(flag) === true,
  /**
   * A flag as a number.
   * @example
   * ENV.set('A_NUMBER', 3);
   * ENV.getNumber('A_NUMBER'); // → 3
   */
  getNumber(flag: string): number {
    const value = environment.get(flag);
    return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : 0;
  },
  /**
   * A flag as a text.
   * @example
   * ENV.set('A_TEXT', 'three');
   * ENV.getString('A_TEXT'); // → 'three'
   */
  getString(flag: string): string {
    const value = environment.get(flag);
    return typeof value === 'string' ? value : '';
  },
  /**
   * All flags that were set.
   * @example
   * ENV.set('A_NUMBER', 3);
   * ENV.getFlags().A_NUMBER; // → 3
   */
  getFlags: (): Record<string, unknown> => Object.fromEntries(flags),
  /** Forgets all flags. @example ENV.reset(); // → undefined */
  reset: (): void => flags.clear(),
};
/**
 * Flags of TensorFlow.js: kept, and without effect here.
 * @example env().getBool('IS_NODE') === (typeof document === 'undefined'); // → true
 */
export const env = () => environment;
export { environment as ENV };

const opened: ReturnType<typeof scopes.open>[] = [];
/** What programs ask TensorFlow.js' engine for. */
const machine = {
  startScope: (): void => void opened.push(scopes.open()),
  endScope: (result?: unknown): void => {
    const scope = opened.pop();
    if (!scope) throw fault('state', 'endScope: no scope was started');
    scopes.close(scope, result);
  },
  tidy,
  keep,
  dispose,
  memory,
  profile: (action: () => unknown): Promise<ProfileInfo> => profile(action),
  time: (action: () => unknown): Promise<{ wallMs: number; kernelMs: number }> => time(action),
  ready,
  /** The variables that are alive, by name: an optimizer of one's own finds in it what a gradient is for. */
  get registeredVariables(): Record<string, Variable> {
    return variablesByName();
  },
  get state(): Pick<MemoryInfo, 'numTensors' | 'numDataBuffers' | 'numBytes'> {
    return memory();
  },
  backendName: 'wasm',
  get backend(): Backend {
    return backend();
  },
  registry: {},
  /** The backends that there are, by name. */
  registryFactory: { wasm: { factory: (): Backend => backend(), priority: 1 } },
};
/** What programs ask TensorFlow.js' engine for. @example engine().backendName; // → 'wasm' */
export const engine = () => machine;

/** What a function leaves in memory. */
export interface ProfileInfo {
  newBytes: number;
  newTensors: number;
  peakBytes: number;
  result: unknown;
  /** Always empty: what runs in the core is not told apart. */
  kernels: unknown[];
  kernelNames: string[];
}
/**
 * Runs a function and tells what it has left in memory.
 * @example
 * const { result } = await profile(() => add(1, 2));
 * result; // → 3
 */
export async function profile(action: () => unknown): Promise<ProfileInfo> {
  checkFunction('profile', action);
  const before: MemoryInfo = memory();
  const result = await action();
  const after = memory();
  return {
    newBytes: after.numBytes - before.numBytes,
    newTensors: after.numTensors - before.numTensors,
    peakBytes: Math.max(before.numBytes, after.numBytes),
    result,
    kernels: [],
    kernelNames: [],
  };
}

/** Milliseconds that a function takes. @example (await time(() => add(1, 2))).wallMs >= 0; // → true */
export async function time(action: () => unknown): Promise<{ wallMs: number; kernelMs: number }> {
  checkFunction('time', action);
  core();
  const begun = performance.now();
  await action();
  const wallMs = performance.now() - begun;
  return { wallMs, kernelMs: wallMs };
}

/** The version of this package, which a test holds to the one in `package.json`. */
const VERSION = '0.1.0';
const NAMES = [
  'tfjs',
  'tfjs-core',
  'tfjs-layers',
  'tfjs-data',
  'tfjs-converter',
  'tfjs-backend-wasm',
] as const;
/**
 * The package's version; its fields have the names of TensorFlow.js' packages.
 * @example typeof version.tfjs; // → 'string'
 */
export const version = /* @__PURE__ */ Object.assign(
  (): string => VERSION,
  Object.fromEntries(NAMES.map((name) => [name, VERSION])) as Record<(typeof NAMES)[number], string>,
);

export { util } from './util-members.js';
