// The module comes in two parts (scripts/divide.mjs). The rest is fetched at the first call of a function of it, which
// waits, and by itself where none comes.
let restBytes, restModule;
const restAddress = new URL('./NAME_rest.wasm', import.meta.url);

setTimeout(async () => {
  if (restModule) return;
  try {
    restBytes ??= await (await fetch(restAddress)).arrayBuffer();
    restModule ??= await WebAssembly.compile(restBytes);
  } catch {
    // Whoever needs it fetches it again.
    restBytes = undefined;
  }
}, 2000);

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
