import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { IsArray, IsIn, IsOptional, IsString, Matches, ValidateBy, ValidateIf, validateSync } from 'class-validator';
import { ConfigFault, messageOf } from '@stellwerk/service-kit';
import { parse } from 'yaml';
import { ROLES, type Caller, type Role } from './caller.js';
import { areFlowLabels, LABELS_EXPECTED, readFlowLabels } from './flow-labels.js';

class TokenEntry {
  @IsString() name: string;
  @Matches(/^[0-9a-f]{64}$/i, { message: 'sha256 must be the SHA-256 of the token, 64 hex digits' }) sha256: string;
  @IsIn(ROLES) role: Role;
  @IsOptional() @IsArray() @IsString({ each: true }) teams?: string[];
  // Not IsOptional: `labels:` with nothing behind it is no token for every flow.
  @ValidateIf(({ labels }: TokenEntry) => labels !== undefined)
  @ValidateBy({ name: 'flowLabels', validator: { validate: areFlowLabels, defaultMessage: () => LABELS_EXPECTED } })
  labels?: Record<string, unknown>;
}

const KEYS = ['name', 'sha256', 'role', 'teams', 'labels'];
/** What somebody may write who means `labels`. Any other key is left aside, as a comment is. */
const MEANT_AS_LABELS = /^(lab|flow|scope)/i;

const RECHECK_MS = 1_000;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A misspelt `labels` would give every flow away. */
const misspeltLabels = (entry: TokenEntry): string[] =>
  Object.keys(entry).filter((key) => !KEYS.includes(key) && MEANT_AS_LABELS.test(key)).map((key) => `${key} is not known; expected ${KEYS.join(', ')}`);

const faultsOf = (entry: TokenEntry, index: number): string[] =>
  [...validateSync(entry).flatMap((error) => Object.values(error.constraints ?? {})), ...misspeltLabels(entry)].map((text) => `token ${index + 1}: ${text}`);

/** The file's list: `[{name, sha256, role, teams, labels}]`, or the same under `tokens:`; JSON or YAML. `sha-256` is read as `sha256`. */
export const parseTokens = (text: string): TokenEntry[] => {
  const content: unknown = parse(text);
  const list = Array.isArray(content) ? content : ((content as { tokens?: unknown } | null)?.tokens ?? []);
  if (!Array.isArray(list) || list.length === 0) throw new Error('expected a list of at least one token');
  const entries = list.map(({ 'sha-256': hyphened, ...item }: Record<string, unknown>) => plainToInstance(TokenEntry, { ...item, sha256: item['sha256'] ?? hyphened }));
  const faults = entries.flatMap(faultsOf);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return entries;
};

const callerOf = ({ name, role, teams = [], labels }: TokenEntry): Caller => ({ name, role, teams, ...(labels && { labels: readFlowLabels(labels) }) });

/** The API tokens of a file, read again when it changes; a broken change leaves the last good list in force. */
export class Tokens {
  private entries: TokenEntry[] = [];
  private stamp = '';
  private checkedAt = 0;

  /** @throws ConfigFault when the file is not readable or not a list of tokens */
  constructor(private readonly file: string, private readonly onFault: (reason: string) => void) {
    try {
      this.load();
    } catch (error) {
      throw new ConfigFault([`STELLWERK_TOKENS_FILE ${file}: ${messageOf(error)}`]);
    }
  }

  /** Every entry is compared, in constant time, whichever fits. */
  find(token: string): Caller | undefined {
    this.refresh();
    const given = sha256(token);
    const matching = this.entries.filter((entry) => timingSafeEqual(Buffer.from(entry.sha256, 'hex'), given));
    const [entry] = matching;
    return entry && callerOf(entry);
  }

  private load(): void {
    const { mtimeMs, size, ino } = statSync(this.file);
    const stamp = `${mtimeMs}:${size}:${ino}`;
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    this.entries = parseTokens(readFileSync(this.file, 'utf8'));
  }

  private refresh(): void {
    if (Date.now() - this.checkedAt < RECHECK_MS) return;
    this.checkedAt = Date.now();
    try {
      this.load();
    } catch (error) {
      this.onFault(messageOf(error));
    }
  }
}
