import {
  INVALID_SPAN_CONTEXT, ProxyTracerProvider, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, context, createContextKey, defaultTextMapGetter, defaultTextMapSetter, isSpanContextValid, propagation, trace,
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

/** What is handed to whoever works in a span while nobody collects any. */
const NO_SPAN: Span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const NAME = 'stellwerk';

let tracing = false;

/** Whether an SDK was started. Without one no span is made at all: even those of the API that do nothing cost. */
const isTracing = (): boolean => {
  if (tracing) return true;
  const provider = trace.getTracerProvider();
  tracing = !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(NAME) !== undefined;
  return tracing;
};

const tracer = () => trace.getTracer(NAME);

/** Of a trace that is not sampled nothing is needed but its headers, to hand them on: neither are they read nor written anew. */
const UNSAMPLED = createContextKey('stellwerk.unsampled');
const NOT_SAMPLED = /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/;

const contextOf = (headers: TraceHeaders | undefined): Context => {
  if (headers === undefined) return context.active();
  if (NOT_SAMPLED.test(headers.traceparent ?? '')) return ROOT_CONTEXT.setValue(UNSAMPLED, headers);
  return propagation.extract(ROOT_CONTEXT, headers as Record<string, string>, defaultTextMapGetter);
};

const linkOf = (headers: TraceHeaders): Link[] => {
  const spanContext = trace.getSpanContext(contextOf(headers));
  return spanContext ? [{ context: spanContext }] : [];
};

const unsampledIn = (around: Context): TraceHeaders | undefined => around.getValue(UNSAMPLED) as TraceHeaders | undefined;

/** Of a trace that is not sampled no further span will be. */
const isUnsampled = (around: Context): boolean => {
  if (unsampledIn(around)) return true;
  const above = trace.getSpanContext(around);
  return above !== undefined && isSpanContextValid(above) && (above.traceFlags & TraceFlags.SAMPLED) === 0;
};

const fail = (span: Span, error: unknown): void => {
  span.recordException(error instanceof Error ? error : messageOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
};

/** Runs `fn` in a new span, records what it throws, ends the span. Without a started SDK it costs next to nothing. */
export async function inSpan<T>(name: string, options: SpanOptions, fn: (span: Span) => Promise<T>): Promise<T> {
  if (!isTracing()) return fn(NO_SPAN);
  const { kind, attributes, parent, links = [] } = options;
  const around = contextOf(parent);
  if (isUnsampled(around)) return parent === undefined ? fn(NO_SPAN) : context.with(around, fn, undefined, NO_SPAN);
  return tracer().startActiveSpan(name, { kind, attributes, links: links.flatMap(linkOf) }, around, async (span) => {
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
  if (!isTracing()) return {};
  const active = context.active();
  const unsampled = unsampledIn(active);
  if (unsampled) return unsampled;
  const carrier: Record<string, string> = {};
  propagation.inject(active, carrier, defaultTextMapSetter);
  return { ...(carrier.traceparent && { traceparent: carrier.traceparent }), ...(carrier.tracestate && { tracestate: carrier.tracestate }) };
}

/** The active trace's id, 32 hex digits. */
export function currentTraceId(): string | undefined {
  const active = context.active();
  const spanContext = trace.getSpanContext(active);
  if (spanContext) return isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
  return unsampledIn(active)?.traceparent?.split('-')[1];
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
