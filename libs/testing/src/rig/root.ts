import { fileURLToPath } from 'node:url';

/** The repository's folder, seen from the sources as from the build. */
export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
