type Rgb = [number, number, number];

/** Grey values 0 to 1 (or bytes, with `scale` 1/255) as ink of that strength. */
export function paintInk(
  canvas: CanvasRenderingContext2D,
  pixels: ArrayLike<number>,
  [r, g, b]: Rgb,
  scale = 1,
): void {
  const image = canvas.createImageData(28, 28);
  for (let i = 0; i < pixels.length; i++) {
    image.data.set([r, g, b, Math.round(pixels[i]! * scale * 255)], i * 4);
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
  { plus, minus, full }: { plus: Rgb; minus: Rgb; full: number },
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const v = value(x, y);
      const [r, g, b] = v >= 0 ? plus : minus;
      const strength = Math.min(255, Math.round((Math.abs(v) / full) * 255));
      image.data.set([r, g, b, strength], ((top + y) * image.width + left + x) * 4);
    }
  }
}

/** The scale at which typical weights show well: two and a half standard deviations, never zero. */
export function fullScale(values: Float32Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return 2.5 * Math.sqrt(squares / values.length) || 1;
}
