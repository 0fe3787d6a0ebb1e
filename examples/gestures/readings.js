// Readings of how something is moved: of a phone by its sensor, or of a pointer on a pad.

/** Calls `hear` with `[x, y, z]`, in m/s² or something like it, for each reading. */
export function listen(pad, hear) {
  window.addEventListener('devicemotion', ({ acceleration, accelerationIncludingGravity }) => {
    const { x, y, z } = acceleration ?? accelerationIncludingGravity ?? {};
    if (x !== null && x !== undefined) hear([x, y, z]);
  });
  // A pointer's acceleration: how its speed changes from one event to the next.
  let before;
  pad.addEventListener('pointermove', ({ offsetX, offsetY, timeStamp, buttons }) => {
    if (buttons === 0) {
      before = undefined;
      return;
    }
    const now = { x: offsetX, y: offsetY, at: timeStamp, vx: 0, vy: 0 };
    if (before && now.at > before.at) {
      const time = now.at - before.at;
      now.vx = (now.x - before.x) / time;
      now.vy = (now.y - before.y) / time;
      hear([(200 * (now.vx - before.vx)) / time, (200 * (now.vy - before.vy)) / time, 0]);
    }
    before = now;
  });
}

/** Phones by Apple ask first. */
export async function allow() {
  await globalThis.DeviceMotionEvent?.requestPermission?.();
}
