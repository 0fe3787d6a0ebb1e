/**
 * Whether an address is one of HTTP's.
 * @example io.isHTTPScheme('https://example.org/model.json'); // → true
 */
export const isHTTPScheme = (url: string): boolean => typeof url === 'string' && /^https?:\/\//.test(url);
