/** What the package uses of Papa Parse. */
declare module 'papaparse' {
  interface Parsed {
    data: string[][];
    errors: { code: string }[];
    meta: { cursor: number };
  }
  interface Settings {
    delimiter: string;
    newline: string;
    quoteChar: string;
  }
  const papa: {
    Parser: new (
      settings: Settings,
    ) => {
      /** Rows of `text`; the last one is left out if it may go on in a later piece. */
      parse(text: string, from: number, leaveLast: boolean): Parsed;
    };
  };
  export default papa;
}
