import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { Caller } from '../access/caller.js';

/** An order of a person. */
export interface AuditEntry {
  caller: Caller;
  /** `<thing>.<verb>`, e.g. `dead-letter.purge`. */
  action: string;
  /** Id of what it was about; '' for many. */
  target: string;
  detail: Record<string, unknown>;
}

/** Who ordered what; the table takes rows and gives none back to change. */
@Injectable()
export class AuditRepository {
  /** In the transaction that carries the order out or writes it down. */
  async add(tx: Queryable, { caller, action, target, detail }: AuditEntry): Promise<void> {
    await tx.query('INSERT INTO audit_log (person, role, action, target, detail) VALUES ($1, $2, $3, $4, $5)', [
      caller.name, caller.role, action, target, JSON.stringify(detail),
    ]);
  }
}
