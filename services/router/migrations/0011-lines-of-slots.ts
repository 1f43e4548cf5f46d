import type { MigrationInterface, QueryRunner } from '@stellwerk/database';

/** Who holds a place and who is first in the line is found without reading a line of thousands. The version before reads by `slots_in_order`, which stays. */
export class LinesOfSlots1764000000011 implements MigrationInterface {
  name = 'LinesOfSlots1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX slots_held ON slots (slot, place) WHERE held');
    await runner.query('CREATE INDEX slots_line ON slots (slot, place) WHERE NOT held');
    // Those that want more than their turn: few, whatever the length of the line.
    await runner.query("CREATE INDEX slots_pushing ON slots (slot) WHERE NOT held AND when_full <> 'queue'");
    await runner.query('DROP INDEX slots_waiting');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX slots_waiting ON slots (slot) WHERE NOT held');
    for (const index of ['slots_held', 'slots_line', 'slots_pushing']) await runner.query(`DROP INDEX ${index}`);
  }
}
