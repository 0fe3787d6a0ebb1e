/** Giving others their turn without the delays of timers. */

const channel = typeof MessageChannel === 'undefined' ? undefined : new MessageChannel();
const waiting: (() => void)[] = [];

/** In Node and Bun, which would take a thousand messages before timers and sockets get their turn. */
const immediate = (globalThis as { setImmediate?: (action: () => void) => unknown }).setImmediate;

/**
 * Resolves after other events (clicks, messages, painting) had their turn. A message rather than a timer or an
 * animation frame: timers are throttled, and frames stop, in a hidden tab.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof immediate === 'function') {
      immediate(resolve);
      return;
    }
    if (!channel) {
      setTimeout(resolve, 0);
      return;
    }
    channel.port1.onmessage = () => {
      const next = waiting.shift();
      // An open port would keep Node running.
      if (waiting.length === 0) hold(false);
      next?.();
    };
    waiting.push(resolve);
    hold(true);
    channel.port2.postMessage(null);
  });
}

function hold(yes: boolean): void {
  const port = channel?.port1 as { ref?: () => void; unref?: () => void } | undefined;
  if (yes) port?.ref?.();
  else port?.unref?.();
}
