/** The mark by which the bundler gives lessons the whole library (www/vite.config.ts). */
declare module '*?whole';
