// Loaded by `node --import` before anything else. Starts tracing only when OTEL_EXPORTER_OTLP_ENDPOINT is set; the SDK
// is not even loaded otherwise. Spans are made by hand in our own code, so there is no loader hook and nothing is patched.

const QUEUE = { size: 8_192, batch: 512, delayMs: 1_000 };
const EXPORT_MS = 3_000;
const FLUSH_MS = 3_000;

/** service-kit calls it as the last thing of a shutdown. */
const SHUTDOWN = Symbol.for('stellwerk.telemetry.shutdown');

/** A collector that is away or hangs must not hold up the end of a process. */
const bounded = (work) => Promise.race([work, new Promise((resolve) => { setTimeout(resolve, FLUSH_MS).unref(); })]);

async function startTracing(service) {
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
  ]);
  // The batch processor reads its sizes from here. A full queue drops spans: tracing never slows a service down.
  process.env.OTEL_BSP_SCHEDULE_DELAY ??= String(QUEUE.delayMs);
  process.env.OTEL_BSP_MAX_QUEUE_SIZE ??= String(QUEUE.size);
  process.env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE ??= String(QUEUE.batch);
  // Nothing of ours reads baggage, and who sends hooks shall not fill it.
  process.env.OTEL_PROPAGATORS ??= 'tracecontext';
  const sdk = new NodeSDK({
    serviceName: `stellwerk-${service}`,
    traceExporter: new OTLPTraceExporter({ timeoutMillis: EXPORT_MS }),
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
    autoDetectResources: false,
  });
  sdk.start();
  globalThis[SHUTDOWN] = () => bounded(sdk.shutdown().catch((error) => {
    process.stderr.write(`telemetry: ${error.message}\n`);
  }));
}

if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) await startTracing(process.env.STELLWERK_SERVICE || 'unnamed');
