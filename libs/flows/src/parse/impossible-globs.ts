import { hasTemplate } from '../expressions/template.js';

/** Which characters no branch or tag has: https://git-scm.com/docs/git-check-ref-format; stars are ours. */
const NO_REF = /[\s~^:?[\\]|\.\.|@\{|^\/|\/$|\.lock$/;

const REF = /^refs\/(heads|tags)\/(.+)$/;

type Rule = (pattern: string) => string | undefined;

/** Branches may have commas in them, and never do. */
const SEVERAL = /^[\w./*-]+(,\s*[\w./*-]+)+$/;

/** Pipelines and people have what names they like. */
const NEVER_SEVERAL = ['branches', 'base', 'tags', 'repository'];

const several = (pattern: string): string | undefined => (SEVERAL.test(pattern) ? `"${pattern}" is one text: expected a list, [${pattern.split(/,\s*/).join(', ')}]` : undefined);

const ref = (what: string): Rule => (pattern) => {
  const written = REF.exec(pattern);
  if (written) return `"${pattern}" is the name of no ${what}: expected "${written[2]!}"`;
  return NO_REF.test(pattern) ? `no ${what} can have the name "${pattern}": only * and ** are special` : undefined;
};

const repository: Rule = (pattern) => {
  if (/^[a-z]+:\/\//i.test(pattern)) return `"${pattern}" is an address: expected owner/name, group/sub/project or the path of a job`;
  if (/^(view\/[^/]+\/)?job\/[^/]+\/job\//.test(pattern)) return `"${pattern}" is a part of an address: expected "${pattern.replace(/^view\/[^/]+\//, '').replace(/(^|\/)job\//g, '$1')}", the path of the job`;
  const bare = pattern.replace(/^\/+|\/+$|\.git$/g, '');
  return bare !== pattern && bare !== '' ? `no repository or job is called "${pattern}": expected "${bare}"` : undefined;
};

const pipeline: Rule = (pattern) => (/^[a-z]+:\/\//i.test(pattern) ? `"${pattern}" is an address: expected the name of the pipeline, or its file` : undefined);

const actor: Rule = (pattern) => (pattern.startsWith('@') ? `nobody is called "${pattern}": expected "${pattern.slice(1)}"` : undefined);

/** Platforms name files from the root of the repository, and name no folders. */
const file: Rule = (pattern) => {
  if (/^\.?\//.test(pattern)) return `no file is called "${pattern}": expected "${pattern.replace(/^\.?\/+/, '')}", from the root of the repository`;
  return pattern.endsWith('/') ? `"${pattern}" is a folder: expected "${pattern}**", its files` : undefined;
};

const RULES: Readonly<Record<string, Rule>> = { branches: ref('branch'), base: ref('branch'), tags: ref('tag'), repository, paths: file, pipeline, actor };

/** Why a pattern of the filter matches nothing that can ever come, and what to write instead; undefined where it may. */
export const namesNothing = (filter: string, pattern: string): string | undefined => {
  if (hasTemplate(pattern)) return 'a filter takes no ${{ }}: expected a pattern, or a comparison in "if"';
  return pattern === '' || !Object.hasOwn(RULES, filter) ? undefined : ((NEVER_SEVERAL.includes(filter) ? several(pattern) : undefined) ?? RULES[filter]!(pattern));
};
