/** What a report of another scanner holds: one row a finding, as its tool tells it. */
import type { Person } from '../../model/appearance.js';
import type { System } from '../../model/place.js';
import type { SecretValue } from '../../model/secret-value.js';

/** Why a row has no value: the report names a digest of it, a masked form, or nothing at all. */
export type HiddenValue = 'hashed' | 'redacted' | 'absent';

/** Something that is neither a file nor in git: a message, a ticket, an object in a store. */
export interface ReportedRecord {
  readonly system: System;
  readonly tenant?: string;
  /** Id of the channel, project or store within the system. */
  readonly place: string;
  /** Id within the place. */
  readonly id: string;
}

/** Where the tool found it. Everything is as the tool writes it: paths may be absolute, repositories local. */
export interface ReportedSpot {
  /** URL of the repository, or the path of a clone. */
  readonly repository?: string;
  readonly path?: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  /** Exclusive. */
  readonly endColumn?: number;
  /** Full hex id. */
  readonly commit?: string;
  readonly author?: Person;
  /** When it was committed or written. */
  readonly date?: string;
  readonly link?: string;
  readonly record?: ReportedRecord;
}

export interface ReportRow {
  /** Name of the tool, in lower-case words joined by `-`. */
  readonly tool: string;
  /** What the tool calls its rule. */
  readonly rule: string;
  /** Where in the report it stands, for people: `line 12`. */
  readonly where: string;
  /** The value in all forms that the report has; none when it is hidden. */
  readonly values: readonly SecretValue[];
  /** Text round the value. */
  readonly context?: SecretValue;
  readonly hidden?: HiddenValue;
  /** Hex SHA-1 of the value. */
  readonly sha1?: string;
  /** The tool tried the value, and it worked. */
  readonly isVerified?: boolean;
  readonly spot: ReportedSpot;
}

/** What is wrong with the report; repeats nothing that it says. */
export interface ReportFault {
  readonly where: string;
  readonly message: string;
}

/** A value of the report with where it begins. */
export interface ReportNode {
  readonly value: unknown;
  readonly where: string;
}

export interface ReportReader {
  /** Name for people, e.g. `gitleaks`. */
  readonly name: string;
  /** True when a node of the report (an element of its list, a line, or all of it) is one of this tool's. */
  recognises(value: unknown): boolean;
  read(node: ReportNode, sink: ReportSink): void;
}

/** Takes rows and faults. A row whose fields are at fault is a fault and no row. */
export interface ReportSink {
  row(row: ReportRow): void;
  fault(where: string, message: string): void;
}
