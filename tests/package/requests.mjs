// Requests that wait, as workers have them and Node has not: the page's module fetches its rest by one.
import { readFileSync } from 'node:fs';

/** Answers such requests from files, and notes the names of what was asked for. */
export function answerRequests() {
  const asked = [];
  globalThis.XMLHttpRequest = class {
    open(_, address) {
      asked.push(address.pathname.split('/').at(-1));
      this.address = address;
    }
    send() {
      this.status = 200;
      this.response = readFileSync(this.address);
    }
  };
  return asked;
}
