/* What the YAML library finds, in words for somebody who writes flows. */

/** `if: !event.fork`, `branches: !old`. */
export const TAG = 'a text that begins with ! has to stand in quotes';

/** A glob that begins with a star is none of YAML's texts. */
const STAR = 'a text that begins with * has to stand in quotes';

export const unknownAlias = (name: string): string => (/^[\w-]+$/.test(name) ? `unknown alias "*${name}": expected an anchor &${name} before it` : STAR);

/** As the library tells it. */
interface YamlError {
  code: string;
  message: string;
  pos: [number, number];
}

/** Behind a place that cannot be read nothing can, and each further token would be one more fault. */
export const withoutSequels = (errors: readonly YamlError[]): readonly YamlError[] => {
  const first = errors.findIndex(({ code }) => code === 'UNEXPECTED_TOKEN');
  return first < 0 ? errors : errors.filter(({ code }, at) => at <= first || code !== 'UNEXPECTED_TOKEN');
};

export const yamlMessage = ({ code, message, pos: [offset] }: YamlError, text: string): string => {
  if (code === 'DUPLICATE_KEY') return 'this key is there twice: expected each key once';
  if (code === 'BAD_ALIAS') return STAR;
  const isTemplate = code === 'UNEXPECTED_TOKEN' && /\$\{\{?/.test(text.slice(Math.max(0, offset - 2), offset + 2));
  const isBehindQuote = code === 'UNEXPECTED_TOKEN' && /["']\s*$/.test(text.slice(0, offset));
  if (isTemplate) return 'not YAML: between { } or [ ] a ${{ … }} has to stand in quotes';
  return `not YAML: ${isBehindQuote ? 'nothing can stand behind the closing quote: put the whole text in quotes of the other kind' : firstLine(message)}`;
};

/** A tag that nobody knows, with nothing behind it: then it was to be the text itself. */
export const isMeantAsText = ({ code, pos: [, end] }: YamlError, text: string): boolean => code === 'TAG_RESOLVE_FAILED' && /^[ \t]*(?:[,\]}#\r\n]|$)/.test(text.slice(end));

export const firstLine = (message: string): string => message.split('\n')[0]!;
