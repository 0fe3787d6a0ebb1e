// A plain static server for tests, on a free port of 127.0.0.1.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Headers that make a page cross-origin isolated, so that it may use threads. */
export const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Bytes that leave in one go: whatever is on its way gets its turn after each. */
const PACKET = 4096;

/** A line that all answers share, in bytes a second: each waits until what was sent before has left. */
function slowLine(rate) {
  let free = 0;
  return async (response, body) => {
    for (let at = 0; at < body.length && !response.destroyed; at += PACKET) {
      const packet = body.subarray(at, at + PACKET);
      const now = performance.now();
      free = Math.max(free, now) + (packet.length / rate) * 1000;
      await wait(free - now);
      response.write(packet);
    }
    response.end();
  };
}

/** Packed once, as a server that is worth its name keeps them. */
const packed = new Map();
function gzipped(file, body) {
  if (!packed.has(file)) packed.set(file, gzipSync(body, { level: 9 }));
  return packed.get(file);
}

/**
 * Serves each folder of `mounts` (`{ '/prefix/': folder }`); everything else, and whatever `missing` says, is a 404.
 * `requests` collects the paths that were asked for, `headers` go with every answer; `version` gives each path's
 * entity tag, if it has any, `changed` the date of its last change, and `unchanged` collects the paths for which a client
 * had that one already. With `rate`,
 * bytes a second, all answers share a slow line, and texts and modules are packed. `silent` says after how many bytes of a
 * path's answer the line stays open and nothing more comes.
 */
export async function serve(
  mounts,
  {
    missing = () => false,
    headers = {},
    version = () => undefined,
    changed = () => undefined,
    silent = () => undefined,
    rate,
  } = {},
) {
  const [requests, unchanged] = [[], []];
  const send = rate && slowLine(rate);
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    requests.push(path);
    const prefix = Object.keys(mounts).find((mount) => path.startsWith(mount));
    try {
      if (!prefix || missing(path)) throw new Error('not found');
      const etag = version(path);
      const date = changed(path);
      const told = { ...(etag && { etag }), ...(date && { 'last-modified': date }) };
      const { 'if-none-match': tag, 'if-modified-since': since } = request.headers;
      if ((etag && tag === etag) || (date && since === date)) {
        unchanged.push(path);
        response.writeHead(304, { ...headers, ...told }).end();
        return;
      }
      const inside = normalize(path.slice(prefix.length)) || 'index.html';
      const file = join(mounts[prefix], inside === '.' ? 'index.html' : inside);
      const content = await readFile(file);
      const isPacked = send && types[extname(file)] !== undefined;
      const body = isPacked ? gzipped(file, content) : content;
      response.writeHead(200, {
        ...headers,
        ...told,
        ...(isPacked && { 'content-encoding': 'gzip' }),
        'content-length': body.length,
        'content-type': types[extname(file)] ?? 'application/octet-stream',
      });
      const until = silent(path);
      if (until !== undefined) response.write(body.subarray(0, until));
      else if (send) await send(response, body);
      else response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    requests,
    unchanged,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
