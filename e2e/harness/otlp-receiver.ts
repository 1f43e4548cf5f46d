import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fieldsOf, numberIn, type Fields } from './protobuf.js';

/** A span as an OTLP collector gets it. */
export interface SpanSeen {
  service: string;
  trace: string;
  id: string;
  /** Empty for a root. */
  parent: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  startMs: number;
  endMs: number;
  attributes: Record<string, string | number | boolean>;
  /** Trace ids of its links. */
  links: string[];
}

const hex = (bytes: Buffer | undefined): string => bytes?.toString('hex') ?? '';
const text = (bytes: Buffer | undefined): string => bytes?.toString('utf8') ?? '';

// Field numbers from opentelemetry-proto: common.proto, resource.proto, trace.proto (v1).
const valueOf = (value: Fields): string | number | boolean =>
  value.bytes(1) ? text(value.bytes(1)) : value.number(2) !== undefined ? value.number(2) === 1 : value.number(3) ?? numberIn(value.bytes(4)) ?? text(value.bytes(5));

const attributesOf = (holder: Fields, field: number): SpanSeen['attributes'] =>
  Object.fromEntries(holder.messages(field).map((pair) => [text(pair.bytes(1)), valueOf(fieldsOf(pair.bytes(2) ?? Buffer.alloc(0)))]));

const milliseconds = (bytes: Buffer | undefined): number => Number((bytes?.readBigUInt64LE() ?? 0n) / 1_000_000n);

const spanOf = (service: string, span: Fields): SpanSeen => ({
  service,
  trace: hex(span.bytes(1)),
  id: hex(span.bytes(2)),
  parent: hex(span.bytes(4)),
  name: text(span.bytes(5)),
  kind: span.number(6) ?? 0,
  startMs: milliseconds(span.bytes(7)),
  endMs: milliseconds(span.bytes(8)),
  attributes: attributesOf(span, 9),
  links: span.messages(13).map((link) => hex(link.bytes(1))),
});

const spansOf = (request: Buffer): SpanSeen[] =>
  fieldsOf(request).messages(1).flatMap((resourceSpans) => {
    const service = String(resourceSpans.messages(1).map((resource) => attributesOf(resource, 1)['service.name'])[0]);
    return resourceSpans.messages(2).flatMap((scope) => scope.messages(2)).map((span) => spanOf(service, span));
  });

/** A collector that keeps every span sent to it by OTLP over HTTP (protobuf). */
export class OtlpReceiver {
  readonly spans: SpanSeen[] = [];
  /** All that came, for a search for what must not be there. */
  raw = '';
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const body = Buffer.concat(chunks);
      if (request.url === '/v1/traces') {
        this.spans.push(...spansOf(body));
        this.raw += body.toString('latin1');
      }
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  of(trace: string): SpanSeen[] {
    return this.spans.filter((span) => span.trace === trace);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
