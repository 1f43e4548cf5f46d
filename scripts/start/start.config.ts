/** Everything the supervisor reads from the environment. */
export interface StartConfig {
  readonly natsUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly host: string;
  readonly ingressPort: number;
  readonly statusPort: number;
  /** Doors speak https. */
  readonly tls: boolean;
  readonly telemetry: boolean;
  /** Handed on to every child. */
  readonly inherited: NodeJS.ProcessEnv;
}

const port = (env: NodeJS.ProcessEnv, name: string, fallback: number): number => {
  const text = env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new Error(`${name} is "${text}": expected a port number, 0 for any free one`);
  return value;
};

/** Throws an error that names the variable when one cannot be read. */
export const startConfig = (env: NodeJS.ProcessEnv = process.env): StartConfig => ({
  natsUrl: env['NATS_URL'] || undefined,
  databaseUrl: env['DATABASE_URL'] || undefined,
  host: env['HOST'] || '127.0.0.1',
  ingressPort: port(env, 'INGRESS_PORT', 8080),
  statusPort: port(env, 'STATUS_PORT', 8081),
  tls: Boolean(env['TLS_CERT_FILE']),
  telemetry: Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT']),
  inherited: env,
});
