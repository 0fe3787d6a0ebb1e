/** What a model was compiled with in names and numbers, as it is written down or crosses into a worker. */
import { onlyKeys } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { plainSettings } from './settings.js';
import type { CompileSpec } from './source.js';

/** What stands in the place of a function of a program's own, that has this name; or an error. */
export type Named = (key: string, name: string) => unknown;

/** A loss or a metric: a function of the library by the class that it stands for. */
function plainPart(where: string, key: string, value: unknown, named: Named): unknown {
  if (typeof value === 'function') {
    const { className, name } = value as { className?: unknown; name: string };
    // Logs keep the name that the metric has in this program.
    if (typeof className === 'string') return { className, config: key === 'loss' ? {} : { name } };
    return named(key, name);
  }
  if (isArray(value)) return value.map((part) => plainPart(where, key, part, named));
  if (typeof value !== 'object' || value === null) return plainSettings(where, value, key);
  const { className, config } = value as { className?: unknown; config?: unknown };
  if (typeof className === 'string') return { className, config: plainSettings(where, config ?? {}, key) };
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, plainPart(where, key, part, named)]),
  );
}

/** What `compile` was given, in names and numbers. */
export function plainCompile(where: string, given: Record<string, unknown>, named: Named): CompileSpec {
  onlyKeys(`${where}: compile`, given, ['optimizer', 'loss', 'lossWeights', 'metrics', 'weightedMetrics']);
  const parts = ['loss', 'lossWeights', 'metrics', 'weightedMetrics']
    .filter((key) => given[key] !== undefined && given[key] !== null)
    .map((key) => [key, plainPart(where, key, given[key], named)]);
  const optimizer = plainPart(where, 'optimizer', given.optimizer, named);
  return { optimizer, ...Object.fromEntries(parts) } as CompileSpec;
}
