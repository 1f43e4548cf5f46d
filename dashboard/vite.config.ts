import { defineConfig } from 'vite';

/** `npm run dev` shows a status service that runs at its usual place. */
const STATUS = 'http://127.0.0.1:8081';

export default defineConfig({
  // No file is inlined: the page's content security policy lets in only files of its own.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': STATUS } },
});
