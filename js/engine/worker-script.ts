/** Starting workers from the package's own files, wherever these lie. */

/** Whether a file at this address lies on another site than the page, which may not start it as a worker then. */
export const isForeign = (address: string): boolean =>
  /^https?:/.test(address) && typeof origin === 'string' && new URL(address).origin !== origin;

/** A script of the page's own site for each script of another one: it imports that. */
const shims = new Map<string, string>();

function shim(address: string): string {
  const made = shims.get(address);
  if (made !== undefined) return made;
  const text = `import ${JSON.stringify(address)};`;
  const own = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  shims.set(address, own);
  return own;
}

/** A worker whose script may lie on another site, as long as that site lets pages of others read it (CORS). */
export const workerAt = (address: string, name: string): Worker =>
  new Worker(isForeign(address) ? shim(address) : address, { type: 'module', name });

/**
 * A worker of the package's. `here` is the address of the file that asks and `script` says where the worker's script lies
 * from there; `own` starts it where that file lies on the page's site. It has to be written out in each place, since
 * bundlers find a worker's script by `new Worker(new URL('…', import.meta.url))` and put it elsewhere.
 */
export const packageWorker = (here: string, script: string, name: string, own: () => Worker): Worker =>
  isForeign(here) ? workerAt(new URL(script, here).href, name) : own();
