// What a call may come to: an answer, an error of the caller's own, or one of the package's errors.
const CODES = new Set(['shape', 'value', 'type', 'state', 'memory', 'name', 'format']);
/** What engines and the glue between JavaScript and WebAssembly say. */
const RAW =
  /Cannot (read|set|convert|mix|assign|destructure|access|perform|add|define|redefine|delete)|is not (a function|iterable|a constructor|defined|extensible|an object|a valid)|null pointer|recursive use|already borrowed|unreachable|panicked|stopped unexpectedly|has stopped|expected instance of|Invalid (array|typed array|string|count|time|regular)|call stack|out of (bounds|memory)|read-?only property|private (member|field)|Reduce of empty|circular structure|stale object|the core has no|index out of/i;

/** What is wrong with an error, in a few words; nothing if it is as promised. */
export function wrongError(error, call) {
  if (call.thrown.has(error)) return '';
  // A class, or a proxy that was revoked, in the place of a function: what it says when it is called is the caller's own.
  if (
    /^Class constructor.* cannot be invoked without 'new'$|^Cannot perform 'apply'/.test(
      String(error?.message),
    )
  )
    return '';
  if (call.hides(error)) return `the caller's error became another one: ${brief(error)}`;
  if (Object.prototype.toString.call(error) !== '[object Error]') {
    if (error instanceof DOMException && error.name === 'AbortError') return '';
    return `threw ${typeof error === 'object' ? Object.prototype.toString.call(error) : brief(error)}: ${brief(error)}`;
  }
  if (error.constructor !== Error) return `${error.name}: ${brief(error)}`;
  if (!CODES.has(error.code)) return `an error with the code ${String(error.code)}: ${brief(error)}`;
  if (error.message.length >= 500) return `a message of ${error.message.length} characters: ${brief(error)}`;
  const raw = RAW.exec(error.message);
  return raw ? `an error from the engine's inside (${raw[0]}): ${brief(error)}` : '';
}

/** Where in the package an error comes from. */
export const placeOf = (error) =>
  /(?:dist\/npm|js)\/([\w/.-]+:\d+)/.exec(String(error?.stack).replace(/^.*(?=\n)/, ''))?.[1] ?? '';

function brief(error) {
  try {
    return String(error?.message ?? error).slice(0, 160);
  } catch {
    return 'what cannot be written';
  }
}
