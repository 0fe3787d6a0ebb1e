/** Why files are refused, in a form for which a program finds words of its own, in any language. */
import { type Code, fault } from '../engine/errors.js';
import type { Looks } from './sniff.js';

/** What is wrong with a file, or with several together. */
export type Refusal =
  /** It is no IDX file, but what it looks like, if that is known. */
  | { why: 'kind'; file: string; looks: Looks }
  /** Its values are not unsigned bytes. */
  | { why: 'type'; file: string }
  /** It holds neither pictures (three axes) nor labels (one axis). */
  | { why: 'axes'; file: string; axes: number }
  /** It has another length than its header promises; neither number where that cannot be told. */
  | { why: 'length'; file: string; bytes?: number; promised?: number }
  /** It promises more than is read, or than fits into memory. */
  | { why: 'size'; file: string; promised: number }
  /** It cannot be unpacked. */
  | { why: 'damaged'; file: string }
  /** The browser cannot read it: it was moved or changed, or is a folder. */
  | { why: 'unreadable'; file: string }
  /** Two files hold pictures, or labels, of the same set. */
  | { why: 'twice'; file: string; other: string; holds: 'images' | 'labels' }
  /** Pictures came without labels, or labels without pictures. */
  | { why: 'alone'; file: string; missing: 'images' | 'labels' }
  | { why: 'counts'; images: { file: string; count: number }; labels: { file: string; count: number } }
  /** Pictures to train on and to test on are of different sizes. */
  | { why: 'sizes'; train: number[]; test: number[] }
  /** A row of a table is no label and the pixels of a square. */
  | { why: 'row'; file: string; row: number }
  /** No folder of a picture is named by its label. */
  | { why: 'unlabelled'; file: string }
  /** There is too little to train on and to test on. */
  | { why: 'few'; file?: string };

/** An error that says in its property `refusal` what is wrong. */
export const refused = (message: string, refusal: Refusal): Error & { code: Code; refusal: Refusal } =>
  Object.assign(fault('format', message), { refusal });
