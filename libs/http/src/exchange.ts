import type { Dispatcher } from 'undici';
import { HttpFailure } from './http.errors.js';
import { failureOf } from './failure-of.js';

export interface Exchange {
  dispatcher: Dispatcher;
  options: Dispatcher.DispatchOptions;
  /** For the whole exchange. */
  timeoutMs: number;
  signal?: AbortSignal;
  maySend?: () => boolean;
  maxBytes: number;
  /** Names the target in messages; no query, no secrets. */
  target: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

const flatten = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]])),
  );

/** One request and its whole answer. Knows exactly whether the request was begun, which fetch-like calls do not tell. */
class Call implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Answer>;
  readonly #exchange: Exchange;
  readonly #chunks: Buffer[] = [];
  #resolve!: (answer: Answer) => void;
  #reject!: (error: HttpFailure) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended: unknown;
  #started = false;
  #bytes = 0;
  #status = 0;
  #headers: Record<string, string> = {};

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  run(): Promise<Answer> {
    const { signal, dispatcher, options, timeoutMs } = this.#exchange;
    if (signal?.aborted) this.#end(signal.reason);
    else {
      this.#timer = setTimeout(() => this.#end(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), timeoutMs);
      signal?.addEventListener('abort', this.#given, { once: true });
      dispatcher.dispatch(options, this);
    }
    return this.answer.finally(() => {
      clearTimeout(this.#timer);
      signal?.removeEventListener('abort', this.#given);
    });
  }

  /** A connection is at hand; an aborted request is dropped by undici before it writes a byte. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended !== undefined) return controller.abort(this.#ended as Error);
    if (this.#exchange.maySend?.() === false) return this.#end(new HttpFailure('not-sent', 'withheld', `${this.#exchange.target}: held back right before it was sent`));
    this.#started = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.#status = status;
    this.#headers = flatten(headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#exchange.maxBytes) this.#chunks.push(chunk);
    else controller.abort(new HttpFailure('sent', 'too-large', `${this.#exchange.target}: the answer is larger than ${this.#exchange.maxBytes} bytes`));
  }

  onResponseEnd(): void {
    this.#resolve({ status: this.#status, headers: this.#headers, text: Buffer.concat(this.#chunks).toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(failureOf(error, this.#started, this.#exchange.target));
  }

  readonly #given = (): void => this.#end(this.#exchange.signal!.reason);

  #end(reason: unknown): void {
    this.#ended = reason;
    this.#reject(failureOf(reason, this.#started, this.#exchange.target));
    this.#controller?.abort(reason as Error);
  }
}

/** @throws HttpFailure */
export const exchange = (options: Exchange): Promise<Answer> => new Call(options).run();
