/** The WebAssembly instance: loading it, calling it, and what happens when it dies. */

import { type Choice, choose, type InitOptions, type Mode, type WasmSource } from './choose.js';
import { Crew } from './crew.js';
import { type Code, fault, inCamel, onlyKeys, textOf } from './errors.js';
import { dispatch, releaseLoose, takeThrown } from './foreign.js';
import { compile, type Glue, isIsolated, type ThreadsGlue, variantFor, variants } from './variants.js';

export type { InitOptions, WasmSource } from './choose.js';

/** What computes, and why it is not what was asked for. */
export interface BackendInfo {
  mode: Mode;
  /** Threads at work, this one included. */
  threads: number;
  /** Whether the page is cross-origin isolated, which threads need. */
  isolated: boolean;
  /** What was not possible, and what has gone wrong with workers: a sentence each. */
  notes: string[];
}

interface Instance {
  glue: Glue;
  mode: Mode;
  notes: string[];
  crew: Crew;
}

let loading: Promise<void> | undefined;
let asked: InitOptions = {};
let live: Instance | undefined;
let death: string | undefined;
/** The exports, while they may be called. */
let working: Glue | undefined;
let generation = 0;
let memory: WebAssembly.Memory | undefined;
/** What is told of each start. */
const starts: (() => void)[] = [];
/** Instantiating these again gives the instance of before. */
const used = new Set<Glue>();

/**
 * Loads the WebAssembly module; needed once before the first call. Calling it again costs nothing.
 * Works in pages, workers and Node 20+.
 * @throws For options that make no sense, other options than those it was loaded with, an engine without SIMD,
 * and a module that cannot be loaded. What cannot be had (threads, fast mode) is left out, and {@link backend} says so.
 * @example
 * await init(); // once, before everything else
 * add(1, 2); // → 3
 */
export async function init(given: InitOptions = {}): Promise<void> {
  onlyKeys('init', given, ['mode', 'threads', 'wasm', 'restart']);
  const options = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as InitOptions;
  const choice = choose({ ...(options.restart ? asked : {}), ...options });
  if (loading && !options.restart) {
    for (const key of ['mode', 'threads'] as const) {
      if (options[key] === undefined || options[key] === asked[key]) continue;
      throw fault(
        'state',
        `init: mapling is loaded already, with ${key} ${asked[key] ?? 'by default'}; \`restart: true\` starts it anew`,
      );
    }
    return loading;
  }
  const { restart: _, ...settings } = options;
  asked = options.restart ? { ...asked, ...settings } : settings;
  const before = loading?.catch(() => {});
  loading = (async () => {
    await before;
    await load(choice, asked.wasm);
  })().catch((failure: unknown) => {
    loading = undefined;
    throw fault('state', `init: the WebAssembly module could not be loaded (${textOf(failure)})`);
  });
  return loading;
}

async function load({ mode, threads, notes }: Choice, source?: WasmSource): Promise<void> {
  live?.crew.end();
  const crew = new Crew();
  if (threads > 1) {
    try {
      const glue = await threaded(mode, threads, crew);
      started({ glue, mode, notes, crew });
      return;
    } catch (failure) {
      notes.push(`threads: the module could not be loaded (${textOf(failure)}); there is one thread`);
      crew.end();
    }
  }
  const variant = variants[variantFor(mode, false)];
  const glue = await variant.glue();
  await instantiate(glue, await sourceFrom(source ?? variant.wasm()));
  started({ glue, mode, notes, crew });
}

/** A module, from an address that `fetch` cannot read too; what the glue takes as it is. */
async function sourceFrom(source: WasmSource): Promise<WasmSource> {
  const isAddress = typeof source === 'string' || Object.prototype.toString.call(source) === '[object URL]';
  if (!isAddress) return source;
  const base = typeof location === 'undefined' ? undefined : location.href;
  return compile(new URL(source as string | URL, base));
}

/**
 * Loads the exact module with one thread before it returns, unless one is there: `require('mapling/auto')` cannot wait.
 * Pages must not compile so much at once.
 */
export function initAtOnce(glue: Glue, bytes: BufferSource): void {
  if (loading) return;
  const { mode, notes } = choose({ threads: 1 });
  memory = glue.initSync({ module: bytes }).memory;
  used.add(glue);
  started({ glue, mode, notes, crew: new Crew() });
  loading = Promise.resolve();
}

/** A new instance is there: what the old one held is gone. */
function started(instance: Instance): void {
  live = instance;
  death = undefined;
  working = instance.glue;
  generation++;
  working.setForeign(dispatch);
  for (const tell of starts) tell();
}

/** Calls `tell` whenever an instance has started. */
export const onStart = (tell: () => void): void => {
  starts.push(tell);
};

async function threaded(mode: Mode, threads: number, crew: Crew): Promise<Glue> {
  const variant = variantFor(mode, true);
  const [glue, module] = await Promise.all([variants[variant].glue(), compile(variants[variant].wasm())]);
  const memory = await instantiate(glue, module);
  await crew.start(glue as unknown as ThreadsGlue, threads, { variant, module, memory });
  return glue;
}

/** A new instance; its memory. */
async function instantiate(glue: Glue, source: WasmSource): Promise<WebAssembly.Memory> {
  if (used.has(glue)) glue.__wbg_reset_state();
  const exports = await glue.default({ module_or_path: source });
  used.add(glue);
  memory = exports.memory;
  return exports.memory;
}

/** What a module that comes in two parts has besides (scripts/rest-loader.js). */
type Divided = Glue & { restComes?(): Promise<void>; restState?(): '' | 'late' | 'missing' };
/** Whether all of the module is there. */
export const isWhole = (): boolean => !(working as Divided | undefined)?.restState?.();
/** Whether the rest was asked for in vain: the line is cut. */
export const isCut = (): boolean => (working as Divided | undefined)?.restState?.() === 'missing';
/** What resolves once it is; asks for the rest. */
export const restComes = async (): Promise<void> => (working as Divided | undefined)?.restComes?.();

/** Whether `init` has finished and the instance works. */
export const isReady = (): boolean => working !== undefined;

/** The number of the instance: what was made in another one is gone. */
export const currentGeneration = (): number => generation;

/** The instance's memory, as it is now: it moves when it grows. */
export const memoryBuffer = (): ArrayBufferLike => memory!.buffer;

function need(): Instance {
  if (!live) throw fault('state', 'mapling is not loaded yet: `await init()` once before the first call');
  if (death !== undefined)
    throw fault('state', `mapling has stopped (${death}); \`await init({ restart: true })\` starts it anew`);
  return live;
}

/** The module's exports, for calls with plain numbers; what they throw is handed to {@link broken}. */
export const core = (): Glue => working ?? need().glue;

/** Calls under way: the core may call functions that call it again. */
let depth = 0;

/**
 * Runs `action` with the module's exports. Errors come out as `Error` with names spelled as in JavaScript; what a
 * function of the user's threw that the core called comes out as it is. A trap leaves the instance in an unknown
 * state, so every later call is refused until a restart.
 *
 * Whatever a user's object might do when it is looked at (getters, proxies) must be done before `action`: an
 * exhausted stack within is taken for a trap. `where` names what the user called, for errors that do not.
 */
export function call<T>(action: (wasm: Glue) => T, where = ''): T {
  const glue = core();
  let result: T;
  depth++;
  try {
    result = action(glue);
  } catch (thrown) {
    throw broken(thrown, where);
  } finally {
    if (--depth === 0) releaseLoose();
  }
  takeThrown();
  return result;
}

/** What to throw when a call of the module has thrown; `where` names what the user called, if the error does not. */
export function broken(thrown: unknown, where = ''): unknown {
  const foreign = takeThrown();
  if (foreign && (foreign.value === thrown || !isTrap(thrown))) return foreign.value;
  if (!isTrap(thrown))
    return thrown instanceof Error ? renamed(thrown, where) : fault('value', inCamel(String(thrown)));
  const crew = live?.crew;
  death = crew?.isBroken ? 'a worker has died in the middle of its work' : textOf(thrown);
  working = undefined;
  crew?.end();
  const message = `mapling stopped unexpectedly (${death}); \`await init({ restart: true })\` starts it anew`;
  return Object.assign(fault('state', message), { cause: thrown });
}

/** Traps and exhausted stacks; Firefox calls the latter an `InternalError`. */
function isTrap(thrown: unknown): boolean {
  if (thrown instanceof WebAssembly.RuntimeError) return true;
  return thrown instanceof Error && /call stack|too much recursion/i.test(thrown.message);
}

function renamed(error: Error & { code?: Code }, where: string): Error {
  if (/recursive use of an object/.test(error.message)) {
    const message = 'a model cannot be used while it is at work: by its own layers, losses or metrics';
    return Object.assign(fault('state', message), { cause: error });
  }
  if (/stale object/.test(error.message)) {
    const message = `${where || 'mapling'}: it was started anew meanwhile, and what was in it is lost`;
    return Object.assign(fault('state', message), { cause: error });
  }
  const said = inCamel(error.message);
  const isNamed = where === '' || said.startsWith(where);
  const message = isNamed ? said : `${where}: ${said.replace(/^(data|build): /, '')}`;
  return message === error.message && error.code ? error : fault(error.code ?? 'value', message);
}

/** What computes at this moment. */
export function backendInfo(): BackendInfo {
  const { mode, notes, crew } = need();
  const rest = isCut() ? ['rest: a part of the module has not come yet'] : [];
  return { mode, threads: crew.threads, isolated: isIsolated(), notes: [...notes, ...crew.notes, ...rest] };
}
