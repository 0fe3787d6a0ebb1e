/** What reads tables of text: Papa Parse, loaded when the first table is there. */

export interface TableParser {
  /** Rows of `text`; the last one is left out if it may go on in a later piece. */
  parse(
    text: string,
    from: number,
    leaveLast: boolean,
  ): { data: string[][]; errors: { code: string }[]; meta: { cursor: number } };
}

type Making = new (settings: { delimiter: string; newline: string; quoteChar: string }) => TableParser;

export const tableParser = async (): Promise<Making> => (await import('papaparse')).default.Parser;
