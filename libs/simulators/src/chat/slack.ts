interface Block {
  type?: string;
  text?: { text?: string };
  fields?: { text?: string }[];
  elements?: unknown[];
}

const TEXT_LIMITS: Record<string, number> = { section: 3000, header: 150 };
const ELEMENT_LIMITS: Record<string, number> = { context: 10, actions: 25 };
const MAX_BLOCKS = 50;
const MAX_FIELDS = 10;
const MAX_FIELD = 2000;
/** Messages beyond this are refused or cut. */
const MAX_TEXT = 40_000;

/** Why Slack does not take this message, in its word; undefined when it does. */
export const slackFault = (message: Record<string, unknown> | undefined): string | undefined => {
  if (!message) return 'invalid_payload';
  const { text, blocks, attachments } = message as { text?: unknown; blocks?: unknown; attachments?: unknown };
  if (text === undefined && blocks === undefined && attachments === undefined) return 'no_text';
  if (text !== undefined && (typeof text !== 'string' || text.length > MAX_TEXT)) return 'invalid_payload';
  if (blocks === undefined) return text === '' && attachments === undefined ? 'no_text' : undefined;
  if (!Array.isArray(blocks) || blocks.length > MAX_BLOCKS || !(blocks as Block[]).every(blockFits)) return 'invalid_blocks';
  return undefined;
};

const blockFits = (block: Block): boolean => {
  if (typeof block?.type !== 'string') return false;
  const { type, text, fields, elements } = block;
  if (type === 'section' && text === undefined && fields === undefined) return false;
  if ((text?.text ?? ' ').length > (TEXT_LIMITS[type] ?? Infinity) || text?.text === '') return false;
  if (fields && (fields.length > MAX_FIELDS || fields.some((field) => (field.text ?? '').length > MAX_FIELD))) return false;
  return (elements?.length ?? 0) <= (ELEMENT_LIMITS[type] ?? Infinity);
};
