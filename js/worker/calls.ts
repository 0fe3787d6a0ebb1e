/**
 * Calls between a page and its worker. A call is a message with a number, the name of a method and its arguments; the
 * answer is a message with the same number. A function among the arguments crosses as a port, over which it is called
 * likewise.
 */

import { isA } from '../engine/look.js';

/** What messages go through: a worker, the worker's own global object, a port. */
export interface Endpoint {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
  start?(): void;
}

/** An object as the other side sees it: every method gives a promise. */
export type Remote<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

type Action = (...args: unknown[]) => unknown;
/** An argument: a value, or the port over which a function is called. */
type Wired = { value: unknown } | { port: MessagePort };
/** What is known of an error on the other side. */
interface Failure {
  message: string;
  name: string;
  stack?: string | undefined;
  code?: string | undefined;
  /** What is wrong with files. */
  refusal?: unknown;
}
type Message =
  | { call: number; name?: string | undefined; args: Wired[] }
  | { answer: number; value?: unknown; error?: Failure; thrown?: { value: unknown } };

/** The memory that moves with a value instead of being copied. */
const moving = new WeakMap<object, Transferable[]>();

/** Lets this memory move when `value` crosses as an argument or an answer. */
export function moveWith<T extends object>(value: T, memory: Transferable[]): T {
  moving.set(value, memory);
  return value;
}

const memoryOf = (value: unknown): Transferable[] =>
  (typeof value === 'object' && value !== null && moving.get(value)) || [];

function listen(endpoint: Endpoint, hear: (message: Message) => void): void {
  endpoint.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<unknown>;
    if (typeof data === 'object' && data !== null) hear(data as Message);
  });
  endpoint.start?.();
}

/** Ports over which functions were called that nobody holds any more. */
const unheld = /* @__PURE__ */ new FinalizationRegistry<MessagePort>((port) => port.close());

/** In Node a port that is listened to keeps the program running; those of functions must not, once the worker is gone. */
const letGo = (port: MessagePort & { unref?(): void }): void => port.unref?.();

/** Calls methods at the other end, or the function that is there. */
function caller(endpoint: Endpoint): (name: string | undefined, args: unknown[]) => Promise<unknown> {
  const waiting = new Map<number, [resolve: (value: unknown) => void, reject: (reason: unknown) => void]>();
  let last = 0;
  listen(endpoint, (message) => {
    if (!('answer' in message)) return;
    const [resolve, reject] = waiting.get(message.answer) ?? [];
    waiting.delete(message.answer);
    const { value, error, thrown } = message;
    if (error) reject?.(errorOf(error));
    else if (thrown) reject?.(thrown.value);
    else resolve?.(value);
  });
  return (name, args) =>
    new Promise((resolve, reject) => {
      const call = ++last;
      const moves = args.flatMap(memoryOf);
      const wired = args.map((value): Wired => {
        if (typeof value !== 'function') return { value };
        const { port1, port2 } = new MessageChannel();
        answerCalls(port1, value as Action);
        letGo(port1);
        moves.push(port2);
        return { port: port2 };
      });
      endpoint.postMessage({ call, name, args: wired } satisfies Message, moves);
      waiting.set(call, [resolve, reject]);
    });
}

function arrived(wired: Wired): unknown {
  if (!('port' in wired)) return wired.value;
  const call = caller(wired.port);
  letGo(wired.port);
  const action: Action = (...args) => call(undefined, args);
  unheld.register(action, wired.port);
  return action;
}

/** The object that answers at the other end. */
export function remote<T>(endpoint: Endpoint): Remote<T> {
  const call = caller(endpoint);
  const method = (_: object, name: string | symbol): Action | undefined =>
    // Whoever waits for the object itself must not take it for a promise.
    typeof name === 'string' && name !== 'then' ? (...args) => call(name, args) : undefined;
  return new Proxy({}, { get: method }) as Remote<T>;
}

/** Answers calls of the methods of an object, or of a function. */
export function answerCalls(endpoint: Endpoint, target: object | Action): void {
  const answer = (message: Message, moves: Transferable[] = []): void => endpoint.postMessage(message, moves);
  listen(endpoint, async (message) => {
    if (!('call' in message)) return;
    const { call, name, args } = message;
    try {
      const given = args.map(arrived);
      const value: unknown = await (name === undefined
        ? (target as Action)(...given)
        : (target as Record<string, Action>)[name]!(...given));
      answer({ answer: call, value }, memoryOf(value));
    } catch (thrown) {
      try {
        answer(
          isA(thrown, Error)
            ? { answer: call, error: failureOf(thrown) }
            : { answer: call, thrown: { value: thrown } },
        );
      } catch {
        answer({ answer: call, error: failureOf(new TypeError('what was thrown cannot cross')) });
      }
    }
  });
}

const failureOf = ({ message, name, stack, code, refusal }: Error & Partial<Failure>): Failure => ({
  message,
  name,
  stack,
  code,
  refusal,
});

function errorOf({ code, refusal, ...rest }: Failure): Error {
  const known = { ...(code === undefined ? {} : { code }), ...(refusal === undefined ? {} : { refusal }) };
  return Object.assign(new Error(rest.message), rest, known);
}
