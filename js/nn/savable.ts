/** What of a layer cannot be written down, or would be read again as something else. */
import { fault } from '../engine/errors.js';

/** The settings that the base class writes down, or that say nothing of what the layer does. */
const COMMON: readonly string[] =
  'name trainable inputShape batchInputShape batchSize dtype activityRegularizer'.split(' ');

/** What is asked of a layer before it is saved. */
export interface Savable {
  /** A setting that is a function, or an object without a class. */
  nameless: string | undefined;
  /** Whether it is of a class of the user's, how that is called, and whether that is only the name of the base class. */
  isOwn: boolean;
  className: string;
  isUnnamed: boolean;
  /** The settings it was made with, where its class does not say itself what is written down. */
  unwritten: Readonly<Record<string, unknown>>;
}

/** Refuses what would be lost; `title` begins the error. */
export function checkSavable(title: string, layer: Savable): void {
  const { nameless, isOwn, className, isUnnamed, unwritten } = layer;
  if (nameless !== undefined) {
    const how = 'give an object of a class that serialization.registerClass(…) knows';
    throw fault('type', `${title}: ${nameless}: a function cannot be saved; ${how}`);
  }
  if (!isOwn) return;
  if (isUnnamed)
    throw fault('type', `${title}: its class has no name of its own: it needs \`static className = …\``);
  const given = Object.entries(unwritten).filter(
    ([key, value]) => value !== undefined && !COMMON.includes(key),
  );
  if (given.length === 0) return;
  const lost = given.map(([key]) => key).join(', ');
  throw fault(
    'type',
    `${title}: ${className} needs a method \`getConfig\` that writes ${lost}: it would be loaded without`,
  );
}
