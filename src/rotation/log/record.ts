/**
 * The evidence log: everything that people and the planner did, one record a line, chained by hashes. All state of
 * plans (steps, approvals, gates, exceptions, imports) is what these records amount to.
 */
export const logActions = [
  'import',
  'plan-created',
  'plan-revised',
  'plan-approved',
  'plan-voided',
  'plan-closed',
  'step',
  'gate',
  'verdict',
  'exception-granted',
  'exception-ended',
  'policy-changed',
] as const;
export type LogAction = (typeof logActions)[number];

export interface LogRecord {
  /** From 1, without holes. */
  readonly seq: number;
  /** RFC 3339 UTC. */
  readonly at: string;
  /** Pseudonym or role of who did it. */
  readonly actor: string;
  readonly action: LogAction;
  /** Plan id, fingerprint, file name. */
  readonly subject: string;
  readonly plan?: string;
  readonly step?: string;
  /** Never a value. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Hex SHA-256 of the record before; 64 zeros for the first. */
  readonly prevHash: string;
  readonly hash: string;
}

/** A log that can be read and added to; one file beside the database. */
export interface EvidenceLog {
  readonly records: readonly LogRecord[];
  append(entry: Omit<LogRecord, 'seq' | 'prevHash' | 'hash'>): Promise<LogRecord>;
  /** Hash of the last record. */
  readonly head: string;
}
