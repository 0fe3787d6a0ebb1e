/** What the build uses of the tools that make its fonts. */
declare module 'subset-font' {
  interface Settings {
    targetFormat: 'sfnt' | 'woff2';
    variationAxes: Record<string, { min: number; max: number }>;
    keepFeatures: string[];
    preserveNameIds: number[];
  }
  /** `font` with the characters of `text` alone. */
  export default function subsetFont(font: Buffer, text: string, settings: Settings): Promise<Buffer>;
}

declare module 'fontverter' {
  const fontverter: { convert(font: Buffer, to: 'sfnt' | 'woff2', from?: 'sfnt' | 'woff2'): Promise<Buffer> };
  export default fontverter;
}
