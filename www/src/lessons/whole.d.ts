/** A script of the library's with all of mapling: www/vite.config.ts knows the mark. */
declare module '*?whole';
