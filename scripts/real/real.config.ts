/** The environment of the specs: ours, and where the real platforms are. */
export const withPlaces = (places: readonly (Record<string, string> | undefined)[]): NodeJS.ProcessEnv => Object.assign({}, process.env, ...places) as NodeJS.ProcessEnv;
