import type { Platform } from '@stellwerk/contracts';

/** A secret by reference: never its value. */
export type SecretRef = { env: string } | { file: string };

/** What n8n's Webhook nodes ask for: Basic with a user, a JWT with an algorithm, else a header, by default `Authorization: Bearer`. */
export interface WebhookNodeAuth {
  token: SecretRef;
  user?: string;
  header?: string;
  jwt?: 'HS256' | 'HS384' | 'HS512';
}

/** A platform we hear from and act on. */
export interface Connection {
  name: string;
  labels: Record<string, string>;
  platform: Platform;
  url: string;
  webhook?: { secrets: SecretRef[]; tokens: SecretRef[]; repositories?: string[]; organizations?: string[] };
  auth?: { token?: SecretRef; user?: string; app?: { id: string; installation: string; privateKey: SecretRef }; webhook?: WebhookNodeAuth };
  limits: { concurrency: number; timeoutMs: number };
  /** Private address ranges (CIDR) that calls may go to. */
  network: { allow: string[] };
  poll: { everyMs: number };
  /** Jenkins: jobs whose builds are found by polling; a folder or multibranch job stands for all below it. */
  jobs?: string[];
}
