// A plain static server for tests, on a free port of 127.0.0.1.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

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

/**
 * Serves each folder of `mounts` (`{ '/prefix/': folder }`); everything else, and whatever `missing` says, is a 404.
 * `requests` collects the paths that were asked for, `headers` go with every answer; `version` gives each path's
 * entity tag, if it has any, and `unchanged` collects the paths for which a client had that one already.
 */
export async function serve(mounts, { missing = () => false, headers = {}, version = () => undefined } = {}) {
  const [requests, unchanged] = [[], []];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    requests.push(path);
    const prefix = Object.keys(mounts).find((mount) => path.startsWith(mount));
    try {
      if (!prefix || missing(path)) throw new Error('not found');
      const etag = version(path);
      if (etag && request.headers['if-none-match'] === etag) {
        unchanged.push(path);
        response.writeHead(304, { ...headers, etag }).end();
        return;
      }
      const inside = normalize(path.slice(prefix.length)) || 'index.html';
      const file = join(mounts[prefix], inside === '.' ? 'index.html' : inside);
      const body = await readFile(file);
      response
        .writeHead(200, {
          ...headers,
          ...(etag && { etag }),
          'content-type': types[extname(file)] ?? 'application/octet-stream',
        })
        .end(body);
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
