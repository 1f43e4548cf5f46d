import type { Connection } from './model.js';

/** Who only sends us signed JSON, or is called at addresses that steps give, has no address; its facts still need an origin of their own (RFC 2606). */
export const nowhere = (name: string): string => `https://${name}.invalid`;

/** The address that the configuration gives a connection; undefined where it gives none. */
export const givenUrl = ({ name, url }: Pick<Connection, 'name' | 'url'>): string | undefined => (url === nowhere(name) ? undefined : url);
