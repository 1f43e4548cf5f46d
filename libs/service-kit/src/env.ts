import { readFileSync } from 'node:fs';
import { ConfigFault } from './errors.js';
import { Secret } from './secret.js';

/** `process.env` or a test's own; empty texts count as unset. */
export type Env = Readonly<Record<string, string | undefined>>;

const given = (env: Env, name: string): string | undefined => {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
};

const missing = (name: string): ConfigFault => new ConfigFault([`${name} is not set`]);

/** The text of a variable; without a default it has to be set. Throws ConfigFault. */
export function readText(env: Env, name: string, fallback?: string): string {
  const text = given(env, name) ?? fallback;
  if (text === undefined) throw missing(name);
  return text;
}

/** The text of a variable, or undefined. */
export const readOptionalText = (env: Env, name: string): string | undefined => given(env, name);

/** A whole number within bounds. A wrong value is a fault, never silently the default. Throws ConfigFault. */
export function readInteger(env: Env, name: string, fallback: number, bounds: { min: number; max: number }): number {
  const text = given(env, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^-?\d+$/.test(text) && value >= bounds.min && value <= bounds.max) return value;
  throw new ConfigFault([`${name} is "${text}": expected a whole number from ${bounds.min} to ${bounds.max}`]);
}

/** `true`/`1`/`yes` or `false`/`0`/`no`. Throws ConfigFault. */
export function readBoolean(env: Env, name: string, fallback: boolean): boolean {
  const text = given(env, name)?.toLowerCase();
  if (text === undefined) return fallback;
  if (['true', '1', 'yes'].includes(text)) return true;
  if (['false', '0', 'no'].includes(text)) return false;
  throw new ConfigFault([`${name} is "${text}": expected true or false`]);
}

/** A secret from NAME, or from the file that NAME_FILE names (one line break at its end is cut). Throws ConfigFault. */
export function readSecret(env: Env, name: string): Secret {
  const secret = readOptionalSecret(env, name);
  if (!secret) throw new ConfigFault([`${name} is not set (nor ${name}_FILE)`]);
  return secret;
}

/** As readSecret, undefined when neither variable is set. */
export function readOptionalSecret(env: Env, name: string): Secret | undefined {
  const file = given(env, `${name}_FILE`);
  if (file === undefined) return env[name] ? new Secret(env[name]) : undefined;
  try {
    return new Secret(readFileSync(file, 'utf8').replace(/\r?\n$/, ''));
  } catch (error) {
    throw new ConfigFault([`${name}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`]);
  }
}

/** `github-connector` → `GITHUB_CONNECTOR`. */
export const envPrefix = (service: string): string => service.toUpperCase().replaceAll('-', '_');
