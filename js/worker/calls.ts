/**
 * Calls between a page and its worker. A call is a message with a number, the name of a method and its arguments; the
 * answer is a message with the same number. A function among the arguments crosses as a number, by which the other end
 * calls it likewise. All goes through one endpoint, so what one end says arrives in the order in which it said it: news
 * that came before an answer is heard before it.
 */

import { fault } from '../engine/errors.js';
import { isA } from '../engine/look.js';

/** What messages go through: a worker, the worker's own global object, the port of a thread. */
export interface Endpoint {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
}

/** An object as the other side sees it: every method gives a promise. */
export type Remote<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

type Action = (...args: unknown[]) => unknown;
/** An argument: a value, or the number by which a function is called. */
type Wired = { value: unknown } | { action: number };
/** What is known of an error on the other side. */
interface Failure {
  message: string;
  name: string;
  stack?: string | undefined;
  code?: string | undefined;
  /** What is wrong with files. */
  refusal?: unknown;
}
/** A method is called by its name, a function by its number. */
interface Call {
  call: number;
  name: string | number;
  args: Wired[];
}
interface Answer {
  answer: number;
  value?: unknown;
  error?: Failure;
  thrown?: { value: unknown };
}
/** Nobody at the other end holds the function of this number any more. */
interface Forget {
  forget: number;
}
type Message = Call | Answer | Forget;

/** The memory that moves with a value instead of being copied. */
const moving = new WeakMap<object, Transferable[]>();

/** Lets this memory move when `value` crosses as an argument or an answer. */
export function moveWith<T extends object>(value: T, memory: Transferable[]): T {
  moving.set(value, memory);
  return value;
}

const memoryOf = (value: unknown): Transferable[] =>
  (typeof value === 'object' && value !== null && moving.get(value)) || [];

/** What settles the promise of a call. */
type Settle = [resolve: (value: unknown) => void, reject: (reason: unknown) => void];

/** What a call has to wait for, by its name and arguments; nothing where it need not wait. */
type Needs = (name: string | number, given: readonly unknown[]) => Promise<unknown> | undefined;

/** One end of an endpoint: calls what is at the other end, and answers calls of `target`'s methods. */
class End {
  readonly #endpoint: Endpoint;
  readonly #target: Record<string, Action>;
  readonly #needs: Needs | undefined;
  readonly #waiting = new Map<number, Settle>();
  /** The functions that the other end may call. */
  readonly #actions = new Map<number, Action>();
  readonly #unheld = new FinalizationRegistry<number>((forget) => this.#post({ forget }));
  #calls = 0;
  #named = 0;

  constructor(endpoint: Endpoint, target: object = {}, needs?: Needs) {
    this.#endpoint = endpoint;
    this.#needs = needs;
    this.#target = target as Record<string, Action>;
    endpoint.addEventListener('message', (event) => {
      const { data } = event as MessageEvent<unknown>;
      if (typeof data === 'object' && data !== null) this.#hear(data as Message);
    });
  }

  #post(message: Message, moves: Transferable[] = []): void {
    this.#endpoint.postMessage(message, moves);
  }
  #hear(message: Message): void {
    if ('answer' in message) this.#take(message);
    else if ('call' in message) void this.#answer(message);
    else if ('forget' in message) this.#actions.delete(message.forget);
  }

  call(name: string | number, args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const call = ++this.#calls;
      const wired = args.map((value): Wired => {
        if (typeof value !== 'function') return { value };
        this.#actions.set(++this.#named, value as Action);
        return { action: this.#named };
      });
      try {
        this.#post({ call, name, args: wired }, args.flatMap(memoryOf));
      } catch (failure) {
        for (const one of wired) if ('action' in one) this.#actions.delete(one.action);
        // What a getter of the caller's has thrown is the caller's.
        if (!isA(failure, DOMException)) throw failure;
        throw fault('type', `${name}: an argument cannot cross to another thread: ${failure.message}`);
      }
      this.#waiting.set(call, [resolve, reject]);
    });
  }
  #take({ answer, value, error, thrown }: Answer): void {
    const [resolve, reject] = this.#waiting.get(answer) ?? [];
    this.#waiting.delete(answer);
    if (error) reject?.(errorOf(error));
    else if (thrown) reject?.(thrown.value);
    else resolve?.(value);
  }

  async #answer({ call, name, args }: Call): Promise<void> {
    try {
      const given = args.map((wired) => ('action' in wired ? this.#arrived(wired.action) : wired.value));
      const needed = this.#needs?.(name, given);
      if (needed) await needed;
      const value: unknown = await (typeof name === 'number'
        ? this.#actions.get(name)!(...given)
        : this.#target[name]!(...given));
      this.#post({ answer: call, value }, memoryOf(value));
    } catch (thrown) {
      try {
        this.#post(
          isA(thrown, Error)
            ? { answer: call, error: failureOf(thrown) }
            : { answer: call, thrown: { value: thrown } },
        );
      } catch {
        this.#post({ answer: call, error: failureOf(new TypeError('what was thrown cannot cross')) });
      }
    }
  }
  #arrived(number: number): Action {
    const action: Action = (...args) => this.call(number, args);
    this.#unheld.register(action, number);
    return action;
  }
}

/** The object that answers at the other end. */
export function remote<T>(endpoint: Endpoint): Remote<T> {
  const end = new End(endpoint);
  const method = (_: object, name: string | symbol): Action | undefined =>
    // Whoever waits for the object itself must not take it for a promise.
    typeof name === 'string' && name !== 'then' ? (...args) => end.call(name, args) : undefined;
  return new Proxy({}, { get: method }) as Remote<T>;
}

/** Answers calls of the methods of an object, each once what it needs is there. */
export function answerCalls(endpoint: Endpoint, target: object, needs?: Needs): void {
  new End(endpoint, target, needs);
}

const failureOf = ({ message, name, stack, code, refusal }: Error & Partial<Failure>): Failure => ({
  message,
  name,
  stack,
  code,
  refusal,
});

/** An error of one of these kinds stays one. */
const KINDS = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

function errorOf({ code, refusal, ...rest }: Failure): Error {
  const known = { ...(code === undefined ? {} : { code }), ...(refusal === undefined ? {} : { refusal }) };
  const kind = KINDS.find(({ name }) => name === rest.name) ?? Error;
  return Object.assign(new kind(rest.message), rest, known);
}
