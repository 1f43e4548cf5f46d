/** Where `{ env: NAME }` secrets are looked up. */
export const secretVariables = (): NodeJS.ProcessEnv => process.env;
