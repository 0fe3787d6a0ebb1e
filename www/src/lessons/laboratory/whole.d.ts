/** A module that is asked for with all of mapling behind it (www/vite.config.ts). */
declare module '*?whole';
