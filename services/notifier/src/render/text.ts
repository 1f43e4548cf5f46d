import type { Word } from '../plan/transition.js';

export interface Look {
  icon: string;
  words: string;
  /** 0xRRGGBB. */
  color: number;
}

/** Icon and words of what is told; never the icon or colour alone. */
export const LOOKS: Readonly<Record<Word, Look>> = {
  running: { icon: '▶️', words: 'is running', color: 0x1a66b8 },
  'rolling-back': { icon: '⏪', words: 'is being rolled back', color: 0x7a43b5 },
  started: { icon: '▶️', words: 'started', color: 0x1a66b8 },
  succeeded: { icon: '✅', words: 'succeeded', color: 0x1c7a45 },
  recovered: { icon: '💚', words: 'recovered', color: 0x1c7a45 },
  failed: { icon: '❌', words: 'failed', color: 0xbb2a2a },
  cancelled: { icon: '🚫', words: 'was cancelled', color: 0x6a6f76 },
  'rolled-back': { icon: '⏪', words: 'was rolled back', color: 0x7a43b5 },
  approval: { icon: '✋', words: 'needs approval', color: 0x8f5b00 },
  waiting: { icon: '⏸️', words: 'waits', color: 0x8f5b00 },
  digest: { icon: '🗞️', words: 'in short', color: 0x1a66b8 },
  missing: { icon: '❓', words: 'did not start', color: 0x8f5b00 },
};

/** At most `length` UTF-16 units, never half a character (chats refuse the JSON of one), control characters and line breaks made spaces. */
export const clip = (text: string, length: number): string => {
  const plain = text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  if (plain.length <= length) return plain;
  return `${plain.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
};

/** As a URL that may be linked; undefined for any that is not http(s) or too long to be kept whole. */
export const linkable = (url: string | undefined, longest = 1_000): string | undefined => {
  if (!url || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (!/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) return undefined;
  const href = parsed.href.replace(/[<>|()\s"`\\]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return href.length <= longest ? href : undefined;
};

/** As many lines as fit into `length` characters, no more than `most`, and how many did not. */
export const fitting = (lines: readonly string[], length: number, most = lines.length): { kept: string[]; left: number } => {
  let room = length;
  const end = lines.findIndex((line, index) => index >= most || (room -= line.length + 1) < 0);
  const kept = end < 0 ? [...lines] : lines.slice(0, end);
  return { kept, left: lines.length - kept.length };
};

/** How many are not named, as a line of its own; none where all are. */
export const moreText = (left: number): string[] => (left > 0 ? [`and ${left} more`] : []);

/** How many runs of a digest a message does not name when it has no room for `left` of those that it was given. */
export const unnamed = ({ more = 0 }: { more?: number }, left: number): number => left + more;

/** How often the same was there before; undefined = never. */
export const againText = ({ repeats }: { repeats?: number }): string | undefined => (repeats ? `again ${repeats === 1 ? 'once' : `${repeats} times`}` : undefined);

export const shortSha = (sha: string): string => (/^[0-9a-f]{12,}$/i.test(sha) ? sha.slice(0, 8) : clip(sha, 40));

/** `12 s`, `3 min 4 s`, `2 h 5 min`. */
export const durationText = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
};
