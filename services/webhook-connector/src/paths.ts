import { PermanentError } from '@stellwerk/service-kit';

const ODD = /[\s\\#]|\p{Cc}/u;
const DOTS = /^(\.|%2e){1,2}$/i;

/** A path below a connection's url, encoded as it was written. A template may put foreign text into it, which must not lead out of that url. @throws PermanentError */
export const pathBelow = (path: string): string => {
  if (!path.startsWith('/')) throw new PermanentError(`path "${path}" has to begin with /`);
  if (ODD.test(path)) throw new PermanentError(`path "${path}" has characters that have to be encoded`);
  if (path.split('?', 1)[0]!.split('/').some((segment) => DOTS.test(segment))) throw new PermanentError(`path "${path}" must not have . or .. as a segment`);
  return path;
};
