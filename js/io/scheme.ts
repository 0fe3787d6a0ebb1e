/** Whether an address is one of HTTP's. */
export const isHTTPScheme = (url: string): boolean => typeof url === 'string' && /^https?:\/\//.test(url);
