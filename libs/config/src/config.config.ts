import { readText, type Env } from '@stellwerk/service-kit';

/** The directory of resource files: `STELLWERK_CONFIG`. Throws ConfigFault when it is not set. */
export const configDirectory = (env: Env = process.env): string => readText(env, 'STELLWERK_CONFIG');

/** Where `{ env: NAME }` secrets are looked up. */
export const secretVariables = (): Env => process.env;
