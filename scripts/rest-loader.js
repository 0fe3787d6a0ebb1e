// The module comes in two parts (scripts/divide.mjs). The rest is fetched at the first call of a function of it, which
// waits, and by itself where none comes. Where the line is cut it is asked for until it is there.
let restBytes, restModule, restComing, isCut;
const restAddress = new URL('./NAME_rest.wasm', import.meta.url);

async function fetchRest() {
  while (!restModule) {
    try {
      restBytes ??= await (await fetch(restAddress)).arrayBuffer();
      restModule ??= await WebAssembly.compile(restBytes);
    } catch {
      restBytes = undefined;
      isCut = true;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

/** What resolves once the rest has come; nothing where it has. */
export function restComes() {
  if (restModule) return;
  restComing ??= fetchRest();
  return restComing;
}

/** Whether it has not come yet, and whether it was asked for in vain; empty once it is there. */
export const restState = () => (restModule ? '' : isCut ? 'missing' : 'late');

setTimeout(restComes, 2000);

function fetchAtOnce() {
  const request = new XMLHttpRequest();
  request.open('GET', restAddress, false);
  request.responseType = 'arraybuffer';
  request.send();
  if (request.status !== 200) throw new Error(`${request.status} for ${restAddress}`);
  return request.response;
}

// The first part imports this function.
// biome-ignore lint/correctness/noUnusedVariables: used by what the build writes before these lines.
function addRest() {
  restModule ??= new WebAssembly.Module(restBytes ?? fetchAtOnce());
  new WebAssembly.Instance(restModule, { ...__wbg_get_imports(), first: wasm });
}

/**
 * Destructors lie in the rest. Where the engine finds an object that nobody holds before the rest has come, the object waits:
 * a destructor that fetched the rest at once would end the worker where the line is cut. What the build writes before
 * these lines calls this function, as one of its module, instead of the engine's.
 */
// biome-ignore lint/correctness/noUnusedVariables: used by what the build writes before these lines.
// biome-ignore lint/suspicious/noShadowRestrictedNames: it stands for the engine's.
function FinalizationRegistry(free) {
  return new globalThis.FinalizationRegistry(async (object) => {
    await restComes();
    free(object);
  });
}
