/** Where each sweep stands, relative to the schema of its connector; for connectors that bring a `PlatformSweep`. */
export const sweepTables = (): string[] => [
  `CREATE TABLE sweeps (
    connection text NOT NULL,
    source text NOT NULL,
    cursor jsonb NOT NULL DEFAULT '{}',
    owner text,
    lease_until timestamptz,
    next_at timestamptz NOT NULL DEFAULT now(),
    swept_at timestamptz,
    note text,
    PRIMARY KEY (connection, source)
  )`,
];
