// Makes calls and carries them out. A plan is a list of steps: a function with its arguments, then methods of what came
// back. It can be carried out again, and made smaller while it still shows the same fault.
import { placeOf, wrongError } from './judge.mjs';
import { random } from './random.mjs';
import { Call, Values, value } from './values.mjs';

/** Milliseconds after which models are told to stop, and after which a call that is still waited for hangs. */
const STOP_AFTER = 150;
const HANGS_AFTER = 15_000;

/** Members of what came back that would go on without end if something followed. */
const ENDLESS = /^repeat$/;

/** Functions that give back what an earlier call was given: what comes of using that is the caller's own. */
const GIVEN_BACK = /(^|\.)(getFlags|get|getAsync)$/;

const typeOf = (one) => Object.getPrototypeOf(one)?.constructor;

/** What can be done with an object: a member of its class, or a function of a plain object. */
function memberOf(one, known, dice) {
  try {
    const members = known.methods.get(typeOf(one));
    if (members && members.length > 0) return dice.pick(members);
    if (typeOf(one) !== Object) return undefined;
    const keys = Object.keys(one).filter((key) => typeof one[key] === 'function');
    if (keys.length > 0) {
      const key = dice.pick(keys);
      return { key, name: key, kind: 'method' };
    }
  } catch {
    // Proxies that throw.
  }
  return undefined;
}

function argumentsFor(values, dice, target = {}) {
  const { keys = [], given } = target;
  if (keys.length > 0 && dice.chance(0.7)) {
    const settings = values.settings(keys, 0, given);
    return dice.chance(0.8) ? [settings] : [values.any(), settings];
  }
  const args = dice.times(dice.chance(0.15) ? 6 : 3, () => values.any());
  return args;
}

/** A step for a member: how it is used, with which arguments. */
function stepFor(member, values, dice) {
  const isSet = member.kind === 'both' && dice.chance(0.6);
  const args = member.kind === 'method' ? argumentsFor(values, dice, member) : isSet ? [values.any()] : [];
  return { ...member, kind: isSet ? 'set' : member.kind === 'both' ? 'get' : member.kind, args };
}

const textOf = ({ kind, key, name, args, receiver }) => {
  const list = args.map(({ text }) => text).join(', ');
  if (kind === 'function') return `${name}(${list})`;
  const own = receiver ? `(${receiver.text})` : '';
  if (kind === 'result') return `(${list})`;
  if (kind === 'get') return `${own}.${key}`;
  return kind === 'set' ? `${own}.${key} = ${list}` : `${own}.${key}(${list})`;
};
export const planText = (steps) => steps.map(textOf).join('');

export class Calls {
  constructor(mapling, known, seed) {
    this.mapling = mapling;
    this.known = known;
    this.seed = seed;
    this.receivers = [...known.recipes.keys()].filter((type) => (known.methods.get(type)?.length ?? 0) > 0);
  }

  /** The first step of a call. */
  #first(dice, values) {
    if (dice.chance(0.5)) {
      const target = dice.pick(this.known.functions);
      return {
        kind: 'function',
        name: target.name,
        call: target.call,
        args: argumentsFor(values, dice, target),
      };
    }
    const type = dice.pick(this.receivers);
    const receiver = dice.pick(this.known.recipes.get(type));
    return { ...stepFor(dice.pick(this.known.methods.get(type)), values, dice), receiver };
  }

  /** Makes the call of this number: its steps as they were carried out, and what was wrong. `note` is told of each text. */
  async make(number, note = () => {}) {
    const dice = random(this.seed, number);
    const values = new Values(dice, this.known);
    const call = new Call(this.mapling);
    const steps = [this.#first(dice, values)];
    let result;
    for (let more = dice.below(3); ; more--) {
      const step = steps.at(-1);
      note(steps);
      const done = await this.#carryOut(call, step, result);
      if (done.wrong) return { steps, ...done };
      if (done.error || more <= 0 || ENDLESS.test(step.key ?? '')) return { steps };
      if (GIVEN_BACK.test(step.key ?? step.name ?? '')) return { steps };
      ({ result } = done);
      const next = this.#next(result, values, dice);
      if (!next) return { steps };
      steps.push(next);
    }
  }

  #next(result, values, dice) {
    if (
      typeof result === 'function' &&
      !/^class|\[native code\]/.test(Function.prototype.toString.call(result))
    )
      return { kind: 'result', args: argumentsFor(values, dice) };
    // A function that gives its `this` gives the engine's own functions.
    if (typeof result !== 'object' || result === null || result === globalThis) return undefined;
    if (Array.isArray(result) && result.length > 0) {
      const [first] = result;
      const member = typeof first === 'object' && first !== null && memberOf(first, this.known, dice);
      return member ? { ...stepFor(member, values, dice), isFirst: true } : undefined;
    }
    const member = memberOf(result, this.known, dice);
    return member && stepFor(member, values, dice);
  }

  /** Carries out steps once more, from the beginning. */
  async again(steps) {
    const call = new Call(this.mapling);
    let result;
    for (const step of steps) {
      const done = await this.#carryOut(call, step, result);
      if (done.wrong || done.error) return done;
      ({ result } = done);
    }
    return {};
  }

  async #carryOut(call, step, before) {
    const { kind, key, args: given, receiver, isFirst } = step;
    let owner;
    let args;
    try {
      owner = receiver ? await receiver.make(call) : isFirst ? before?.[0] : before;
      args = given.map(({ make }) => make(call));
      for (const one of [owner, ...args]) if (one?.stopTraining === false) call.models.push(one);
    } catch (error) {
      // A receiver whose making something global forbids at this moment: not what is tried here.
      if (!args) return { error };
    }
    // What came back is the engine's global, given before: its methods are not the package's.
    if (owner === globalThis) return {};
    const begun = performance.now();
    try {
      let result;
      if (kind === 'function') result = step.call(...args);
      else if (kind === 'result') result = before(...args);
      else if (kind === 'get') result = owner[key];
      else if (kind === 'set') owner[key] = args[0];
      else result = owner[key](...args);
      if (isPromise(result)) result = await this.#settled(result, call);
      const took = performance.now() - begun;
      if (took > HANGS_AFTER) return { wrong: `took ${Math.round(took)} ms`, signature: 'slow' };
      if (/startScope/.test(step.name ?? '') || step.name === 'engine') this.#closeScopes();
      return { result };
    } catch (error) {
      const wrong = wrongError(error, call);
      return {
        error,
        wrong,
        signature: wrong && `${wrong.slice(0, 60)} ${placeOf(error)}`,
        place: placeOf(error),
      };
    }
  }

  /** What a promise comes to; models that train are told to stop after a while. */
  async #settled(promise, call) {
    let timer;
    const waits = (milliseconds, what) => new Promise((resolve) => { timer = setTimeout(resolve, milliseconds, what); }); // biome-ignore format: short
    const late = Symbol('late');
    try {
      const soon = await Promise.race([promise, waits(STOP_AFTER, late)]);
      if (soon !== late) return soon;
      for (const model of call.models) model.stopTraining = true;
      const later = await Promise.race([promise, waits(HANGS_AFTER, late)]);
      if (later !== late) return later;
    } finally {
      clearTimeout(timer);
    }
    throw Object.assign(new Error('a promise that does not settle'), { name: 'Hang' });
  }

  /** Scopes that a call has left open would hold on to everything that is made later. */
  #closeScopes() {
    const engine = this.mapling.engine();
    try {
      for (;;) engine.endScope();
    } catch {}
  }

  /** The steps made as small as they still show the fault with this signature. */
  async smaller(steps, signature) {
    const shows = async (tried) => {
      const { signature: found } = await this.again(tried);
      return found === signature;
    };
    if (!(await shows(steps))) return steps;
    const nothing = value('undefined', () => undefined);
    for (let at = steps.length - 1; at >= 0; at--) {
      const withArgs = (args) => steps.map((step, place) => (place === at ? { ...step, args } : step));
      for (let changed = true; changed; ) {
        changed = false;
        const { args } = steps[at];
        const fewer = args.length > 0 ? [args.slice(0, -1)] : [];
        const simpler = args.flatMap((arg, place) =>
          [nothing, ...arg.parts]
            .filter(({ text }) => text !== arg.text)
            .map((part) => args.with?.(place, part) ?? args),
        );
        for (const tried of [...fewer, ...simpler]) {
          if (tried === args || !(await shows(withArgs(tried)))) continue;
          steps = withArgs(tried);
          changed = true;
          break;
        }
      }
    }
    return steps;
  }
}

const isPromise = (one) => {
  try {
    return one instanceof Promise;
  } catch {
    return false;
  }
};
