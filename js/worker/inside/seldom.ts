/** What few pages ask their worker for: lessons, digits of one's own, photos, and models as files. Loaded when one does. */
import { describe, fault, whole } from '../../engine/errors.js';
import type {
  DigitsInfo,
  Grown,
  ModelFile,
  ModelFormat,
  OwnDigit,
  Picture,
  ReadModel,
  Stroke,
  Taught,
  TaughtStep,
} from '../protocol.js';
import { checkClass, type Digits, hasInk } from './digits.js';
import type { Photo } from './photo.js';
import type { Session } from './session.js';

/** What there is in the worker, and whether somebody still waits. */
export interface Room {
  session: Session;
  digits: Digits;
  isWanted: () => boolean;
}

type OnStep = (step: TaughtStep) => void;

/** The values of a picture. */
function pixelsOf(where: string, { digits }: Room, picture: Picture): Float32Array {
  const pixels = digits.pixels(where, picture);
  if (!pixels) throw fault('value', `${where}: the drawing is empty`);
  if (pixels.length === 784 && pixels.every((value) => value >= 0 && value <= 1)) return pixels;
  throw fault('value', `${where}: pixels: expected 28 × 28 values from 0 to 1`);
}

export const answers = {
  async teach(room: Room, picture: Picture, label: number, seed?: number, onStep?: OnStep): Promise<Taught> {
    const where = 'digits.teach';
    const model = room.digits.reader(where);
    const pixels = pixelsOf(where, room, picture);
    checkClass(`${where}: label`, model, label);
    const train = room.digits.set(where, 'train');
    const { teach } = await import('./teach.js');
    const original = 'strokes' in picture ? picture : { pixels };
    const taught = await teach({ ...room, model, train }, original, label, seed, onStep);
    room.digits.noteTaught(pixels);
    return taught;
  },

  async addClass(room: Room, drawings: Stroke[][], seed?: number, onStep?: OnStep): Promise<Grown> {
    const where = 'digits.addClass';
    const model = room.digits.reader(where);
    if (!(drawings.length > 0 && drawings.every(hasInk)))
      throw fault('value', `${where}: expected drawings with ink in each, got ${describe(drawings)}`);
    const train = room.digits.set(where, 'train');
    const { addClass } = await import('./grow.js');
    const originals = drawings.map((strokes) => ({ strokes }));
    return addClass({ ...room, model, train }, originals, seed, onStep);
  },

  async include(room: Room, own: OwnDigit[]): Promise<DigitsInfo> {
    const where = 'digits.include';
    const { loaded } = room.digits;
    if (!loaded) throw fault('state', `${where}: there are no digits yet; load some first`);
    const { withOwn } = await import('./own.js');
    const given = own.map((one) => {
      pixelsOf(where, room, one);
      return { original: one, label: whole(`${where}: label`, one.label, 0) };
    });
    const data = withOwn(loaded.data, given, given.length);
    room.digits.use(data);
    const { train, classes } = data;
    return { ...loaded.info, train: train.images.shape[0]!, classes, own: own.length };
  },

  async fromPhoto(_: Room, photo: Photo): Promise<Float32Array> {
    const { digitIn } = await import('./photo.js');
    return digitIn('digits.fromPhoto', photo);
  },

  async write({ session }: Room, format: ModelFormat): Promise<ModelFile[]> {
    await session.atRest();
    const { writeModel } = await import('./model-files.js');
    return writeModel(session.need('write'), session.save(), format);
  },

  async read({ session }: Room, files: File[]): Promise<ReadModel> {
    const { readModel } = await import('./model-files.js');
    return readModel(files, () => session.save());
  },
};

export type Answers = typeof answers;
export type Seldom = keyof Answers;
/** What is said to one of them, besides what there is in the worker. */
export type Asked<Name extends Seldom> =
  Parameters<Answers[Name]> extends [Room, ...infer Args] ? Args : never;
