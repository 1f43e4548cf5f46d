import type { IncomingMessage } from 'node:http';
import { LARGE } from '../spool/large-bodies.js';

/** The whole body, or that it went past the limit, or that there is no room for one as large at present. */
export type ReadBody = Buffer | 'too-large' | 'no-room';

export interface BodyLimits {
  /** In bytes. */
  readonly most: number;
  /** Asked when a body turns out to be large, which is then not read on before the answer: whether there is room for so many bytes. */
  hasRoom(bytes: number): Promise<boolean>;
}

/** Nobody is there any more to read an answer. */
export class SenderGone extends Error {
  readonly statusCode = 400;
}

/** So much beyond the limit is still let in unread, so that an honest sender gets to read the answer; then the line is cut. */
const GRACE = 4;

/** Lets the rest of a body run by unread. Node does so too, but without an end. */
export const runOut = (request: IncomingMessage, limit: number): void => {
  let passed = 0;
  request.on('data', (chunk: Buffer) => {
    passed += chunk.length;
    if (passed > limit * GRACE) request.destroy();
  });
  request.resume();
};

/**
 * The raw bytes of a request, never more than the limit of them in memory, whatever its headers say of the length.
 * Rejects with SenderGone when the sender goes away before the end.
 */
export const readBody = (request: IncomingMessage, limits: BodyLimits): Promise<ReadBody> => {
  // Without a length it may become as large as any.
  const announced = Number(request.headers['content-length'] ?? limits.most);
  if (announced > limits.most) {
    runOut(request, limits.most);
    return Promise.resolve('too-large');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const giveUp = (why: 'too-large' | 'no-room'): void => {
      request.off('data', take);
      chunks.length = 0;
      runOut(request, limits.most);
      resolve(why);
    };
    const askForRoom = async (): Promise<void> => {
      request.pause();
      if (await limits.hasRoom(announced)) request.resume();
      else giveUp('no-room');
    };
    const take = (chunk: Buffer): void => {
      const isLargeNow = length <= LARGE && length + chunk.length > LARGE;
      length += chunk.length;
      if (length > limits.most) return giveUp('too-large');
      chunks.push(chunk);
      if (isLargeNow) askForRoom().catch(reject);
    };
    request.on('data', take);
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)));
    request.once('error', (error) => reject(new SenderGone(error.message)));
    request.once('close', () => {
      if (!request.complete) reject(new SenderGone('The sender went away'));
    });
  });
};
