/** A photo of a digit: made small, and laid on the pad as what the network reads. */
import { signal } from '@preact/signals';
import { showPicture } from '../state/drawing';
import { liveTrainer } from '../state/trainer';

/** Pixels of the longer side that are looked at: a digit takes a part of the photo. */
const SIDE = 480;

export const photoRefused = signal<'picture' | 'ink' | null>(null);

async function pixelsOf(file: File): Promise<ImageData> {
  // Phones turn photos by a note in the file, which the browser follows.
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const sheet = canvas.getContext('2d', { willReadFrequently: true })!;
  // What is transparent is paper.
  sheet.fillStyle = '#ffffff';
  sheet.fillRect(0, 0, canvas.width, canvas.height);
  sheet.imageSmoothingQuality = 'high';
  sheet.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return sheet.getImageData(0, 0, canvas.width, canvas.height);
}

export async function takePhoto(file: File | undefined): Promise<void> {
  const trainer = liveTrainer();
  if (!file || !trainer) return;
  photoRefused.value = null;
  let pixels: ImageData;
  try {
    pixels = await pixelsOf(file);
  } catch {
    photoRefused.value = 'picture';
    return;
  }
  try {
    const { data, width, height } = pixels;
    showPicture(await trainer.digits.fromPhoto({ data, width, height }));
    document.querySelector('[data-part="pad"]')?.scrollIntoView({ block: 'center' });
  } catch {
    photoRefused.value = 'ink';
  }
}
