import type { IncomingMessage } from 'node:http';

/** The whole body, or that it went past the limit. */
export type ReadBody = Buffer | 'too-large';

/** Nobody is there any more to read an answer. */
export class SenderGone extends Error {
  readonly statusCode = 400;
}

/** So much beyond the limit is still let in unread, so that an honest sender gets to read the answer; then the line is cut. */
const GRACE = 4;

/** Lets the rest of a body run by. Node does so too, but without an end. */
const runOut = (request: IncomingMessage, limit: number): void => {
  let passed = 0;
  request.on('data', (chunk: Buffer) => {
    passed += chunk.length;
    if (passed > limit * GRACE) request.destroy();
  });
  request.resume();
};

/**
 * The raw bytes of a request, never more than `limit` of them in memory, whatever its headers say of the length.
 * Rejects with SenderGone when the sender goes away before the end.
 */
export const readBody = (request: IncomingMessage, limit: number): Promise<ReadBody> => {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    runOut(request, limit);
    return Promise.resolve('too-large');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take);
      chunks.length = 0;
      runOut(request, limit);
      resolve('too-large');
    };
    request.on('data', take);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', (error) => reject(new SenderGone(error.message)));
    request.once('close', () => {
      if (!request.complete) reject(new SenderGone('The sender went away'));
    });
  });
};
