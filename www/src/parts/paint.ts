type Rgb = [number, number, number];

/** A pixel of this colour, to be made as opaque as wanted: as `ImageData` holds it in a little-endian word. */
const pixel = ([r, g, b]: Rgb): number => (b << 16) | (g << 8) | r;
const OPAQUE = 24;
const words = ({ data }: ImageData): Uint32Array => new Uint32Array(data.buffer);

/** Grey values 0 to 1 (or bytes, with `scale` 1/255) as ink of that strength. */
export function paintInk(
  canvas: CanvasRenderingContext2D,
  pixels: ArrayLike<number>,
  ink: Rgb,
  scale = 1,
): void {
  const image = canvas.createImageData(28, 28);
  const [out, colour] = [words(image), pixel(ink)];
  for (let i = 0; i < pixels.length; i++) {
    out[i] = colour | (Math.round(pixels[i]! * scale * 255) << OPAQUE);
  }
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
  const [plus, minus, scale] = [pixel(inks.plus), pixel(inks.minus), 255 / inks.full];
  for (let y = 0; y < height; y++) {
    const row = (top + y) * image.width + left;
    for (let x = 0; x < width; x++) {
      const v = value(x, y);
      const strength = Math.min(255, Math.round(Math.abs(v) * scale));
      out[row + x] = (v >= 0 ? plus : minus) | (strength << OPAQUE);
    }
  }
}

/** The scale at which typical weights show well: two and a half standard deviations, never zero. */
export function fullScale(values: Float32Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return 2.5 * Math.sqrt(squares / values.length) || 1;
}
