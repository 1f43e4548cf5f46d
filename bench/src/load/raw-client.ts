import { connect, type Socket } from 'node:net';

const END = Buffer.from('\r\n\r\n');

/** Status 0 = the connection broke before the answer. */
export type Answered = (status: number, body: string) => void;

interface Waiting {
  request: Buffer;
  done: Answered;
}

/**
 * One kept-alive connection, one request at a time, HTTP/1.1 read by hand: a client library would cost more than what is
 * measured.
 */
export class RawClient {
  #socket: Socket | undefined;
  #waiting: Waiting | undefined;
  #got: Buffer = Buffer.alloc(0);

  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  send(request: Buffer, done: Answered): void {
    this.#waiting = { request, done };
    this.#socket ??= this.#open();
    this.#socket.write(request);
  }

  /** Whoever still waits for an answer hears no more. */
  close(): void {
    this.#waiting = undefined;
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    const broken = (): void => {
      if (this.#socket === socket) this.#socket = undefined;
      this.#got = Buffer.alloc(0);
      this.#finish(0, '');
    };
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.once('error', broken);
    socket.once('close', broken);
    return socket;
  }

  #read(chunk: Buffer): void {
    this.#got = this.#got.length === 0 ? chunk : Buffer.concat([this.#got, chunk]);
    const end = this.#got.indexOf(END);
    if (end < 0) return;
    const head = this.#got.toString('latin1', 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) throw new Error(`an answer without a length: ${head}`);
    if (this.#got.length < end + END.length + Number(length)) return;
    const body = this.#got.toString('utf8', end + END.length);
    this.#got = Buffer.alloc(0);
    this.#finish(Number(head.slice(9, 12)), body);
  }

  #finish(status: number, body: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.done(status, body);
  }
}
