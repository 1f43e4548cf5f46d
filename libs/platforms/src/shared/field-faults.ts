/** A whole address in the place of a name. */
export const isAddress = (text: string): boolean => /^[a-z]+:\/\//i.test(text);

/** The path of an address, without slashes around it. */
export const pathOfAddress = (text: string): string => (URL.parse(text)?.pathname ?? '').replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');

/** Git knows shorter ones, platforms do not: 40 characters, or 64 with SHA-256. */
export const commitFault = (text: string): string | undefined =>
  /^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(text) ? undefined : `"${text}" is no full commit id: expected its 40 characters, such as \${{ event.sha }}`;
