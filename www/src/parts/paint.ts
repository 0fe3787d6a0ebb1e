type Rgb = [number, number, number];

// A pixel is one little-endian word.
const words = ({ data }: ImageData): Uint32Array => new Uint32Array(data.buffer);
const colour = ([r, g, b]: Rgb): number => (b << 16) | (g << 8) | r;
/** A pixel of this colour, from 0 for bare ground to 255. */
const pixel = (colour: number, strength: number): number =>
  colour | (Math.min(255, Math.round(strength)) << 24);

/** Grey values 0 to 1 (or bytes, with `scale` 1/255) as ink of that strength. */
export function paintInk(
  canvas: CanvasRenderingContext2D,
  pixels: ArrayLike<number>,
  ink: Rgb,
  scale = 1,
): void {
  const image = canvas.createImageData(28, 28);
  const [out, inked] = [words(image), colour(ink)];
  for (let i = 0; i < pixels.length; i++) out[i] = pixel(inked, pixels[i]! * scale * 255);
  canvas.putImageData(image, 0, 0);
}

/** Signed numbers as two inks: one speaks for, the other against; nothing is the bare ground. */
export function paintSigned(
  image: ImageData,
  left: number,
  top: number,
  width: number,
  height: number,
  value: (x: number, y: number) => number,
  inks: { plus: Rgb; minus: Rgb; full: number },
): void {
  const out = words(image);
  const [plus, minus, scale] = [colour(inks.plus), colour(inks.minus), 255 / inks.full];
  for (let y = 0; y < height; y++) {
    const row = (top + y) * image.width + left;
    for (let x = 0; x < width; x++) {
      const v = value(x, y);
      out[row + x] = pixel(v >= 0 ? plus : minus, Math.abs(v) * scale);
    }
  }
}

/** The scale at which typical weights show well: two and a half standard deviations, never zero. */
export function fullScale(values: Float32Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return 2.5 * Math.sqrt(squares / values.length) || 1;
}
