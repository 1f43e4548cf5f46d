const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

const hostName = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * Whether a Host header may be served while the door is open on loopback. A page elsewhere can point its own name at
 * 127.0.0.1 (DNS rebinding) and then read everything here: its name is in the header.
 */
export const isOwnHost = (header: string | undefined, publicUrl: string): boolean => {
  if (header === undefined) return false;
  return isLoopback(hostName(header)) || hostName(header) === hostName(new URL(publicUrl).host);
};
