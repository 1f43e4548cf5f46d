import {
  ROOT_CONTEXT, SpanKind, SpanStatusCode, context, defaultTextMapGetter, defaultTextMapSetter, isSpanContextValid, propagation, trace,
  type Attributes, type Context, type Link, type Span,
} from '@opentelemetry/api';
import { messageOf } from './errors.js';

export { SpanKind };
export type { Attributes, Span };

/** W3C trace context as it travels in headers. */
export interface TraceHeaders {
  traceparent?: string;
  tracestate?: string;
}

export interface SpanOptions {
  kind?: SpanKind;
  attributes?: Attributes;
  /** A parent in another process; without it the active span is the parent. */
  parent?: TraceHeaders;
  /** Spans this one follows from without being their child. */
  links?: TraceHeaders[];
}

const tracer = () => trace.getTracer('stellwerk');

const contextOf = (headers: TraceHeaders | undefined): Context => {
  if (headers === undefined) return context.active();
  return propagation.extract(ROOT_CONTEXT, headers as Record<string, string>, defaultTextMapGetter);
};

const linkOf = (headers: TraceHeaders): Link[] => {
  const spanContext = trace.getSpanContext(contextOf(headers));
  return spanContext ? [{ context: spanContext }] : [];
};

const fail = (span: Span, error: unknown): void => {
  span.recordException(error instanceof Error ? error : messageOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
};

/** Runs `fn` in a new span, records what it throws, ends the span. Without a started SDK it costs next to nothing. */
export async function inSpan<T>(name: string, options: SpanOptions, fn: (span: Span) => Promise<T>): Promise<T> {
  const { kind, attributes, parent, links = [] } = options;
  return tracer().startActiveSpan(name, { kind, attributes, links: links.flatMap(linkOf) }, contextOf(parent), async (span) => {
    try {
      return await fn(span);
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Headers that make the active span the parent of what another process does; empty without one. */
export function traceHeaders(): TraceHeaders {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier, defaultTextMapSetter);
  return { ...(carrier.traceparent && { traceparent: carrier.traceparent }), ...(carrier.tracestate && { tracestate: carrier.tracestate }) };
}

/** The active trace's id, 32 hex digits. */
export function currentTraceId(): string | undefined {
  const spanContext = trace.getSpanContext(context.active());
  return spanContext && isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
}

export interface PastSpan {
  startTime: Date;
  endTime: Date;
  kind?: SpanKind;
  attributes?: Attributes;
  parent: TraceHeaders;
  failed?: boolean;
}

/** A span of something that happened elsewhere, e.g. a platform's run made from its start and end times. */
export function recordSpan(name: string, { startTime, endTime, kind, attributes, parent, failed }: PastSpan): void {
  const span = tracer().startSpan(name, { startTime, kind, attributes }, contextOf(parent));
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(endTime);
}

/** Runs `fn` as a child of a remote parent only (undefined = of nothing), whatever span is active here. */
export const isolated = <T>(parent: TraceHeaders | undefined, fn: () => T): T => context.with(contextOf(parent ?? {}), fn);
