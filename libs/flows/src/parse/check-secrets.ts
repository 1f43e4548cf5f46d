import type { Catalog } from './check-steps.js';
import type { ResourceSource } from './resource-source.js';
import { secretsAt } from './secret-uses.js';

/** https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html, with what containers allow beside it. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** How tokens of platforms begin that say what they are. Also for values in which no secret may stand. */
export const TOKEN = /^(gh[pousr]_|github_pat_|glpat-|glptt-|xox[abpr]-|whsec_|eyJ)[A-Za-z0-9_.+/=-]{10,}/;

/** References that lead to no secret. What they hold is never repeated: it may be the secret. */
export const checkSecrets = (source: ResourceSource, catalog: Catalog): void => {
  for (const { ref, path } of secretsAt(source, catalog)) {
    const [[key, text]] = Object.entries(ref) as [[string, string]];
    const fault = faultOf(key, text);
    if (fault !== undefined) source.warn([...path, key], fault);
  }
};

const faultOf = (key: string, text: string): string | undefined => {
  if (TOKEN.test(text)) return `this looks like the secret itself, which now has to be replaced: expected the ${key === 'env' ? 'name of the variable' : 'path of the file'} that holds it`;
  if (key === 'env' && text !== '' && !VARIABLE.test(text)) return 'no variable is called so: expected its bare name, without $ and braces';
  return undefined;
};
