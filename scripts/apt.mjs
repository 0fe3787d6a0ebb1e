// Debian and Ubuntu: what the tests need and this machine lacks comes from apt.
import { findOnPath } from './browsers.mjs';
import { run } from './run.mjs';

/** Installs packages; where that cannot be, the error says what to do by hand. */
export async function aptInstall(packages, byHand) {
  if (!findOnPath('apt-get')) throw new Error(byHand);
  const asRoot = process.getuid() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length > 0 && !findOnPath('sudo')) throw new Error(byHand);
  const apt = async (...args) => {
    const [command, ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    await run(command, rest, { quiet: true });
  };
  console.log(`Installing ${packages.join(', ')} with apt-get`);
  try {
    await apt('update', '-q');
    await apt('install', '-y', '-q', '--no-install-recommends', ...packages);
  } catch {
    throw new Error(byHand);
  }
}
