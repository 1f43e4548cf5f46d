/** What a path names, and what stands behind it. */
export interface HookAddress {
  readonly connection: string;
  readonly query: Readonly<Record<string, string>>;
}

const PATH = /^\/hooks\/([^/?#]+)(?:\?([^#]*))?$/;
const NO_QUERY: HookAddress['query'] = Object.freeze({});

/** Query values that stand there once: of two, nobody can say which is meant. */
const queryOf = (text: string): HookAddress['query'] => {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries([...parameters.keys()].filter((name) => parameters.getAll(name).length === 1).map((name) => [name, parameters.get(name)!]));
};

/** `/hooks/<connection>`, with or without a query; undefined for every other path. */
export const hookAddress = (url: string): HookAddress | undefined => {
  const match = PATH.exec(url);
  if (!match) return undefined;
  return { connection: match[1]!, query: match[2] ? queryOf(match[2]) : NO_QUERY };
};
