/** A policy as it was read: checked, with the place of everything that a fault may have to name. */
import type { RotationSettings } from '../estate.js';
import type { EnvironmentName } from '../imports.js';
import type { StepType } from '../plan/plan.js';
import type { Condition, Position } from './condition.js';
import type { ApprovalDemand, GateName, Strategy } from './decision.js';
import type { FieldName } from './fields.js';
import type { Seen } from './seen.js';

/** What a rule says when it is the first that matches. */
export interface Ruling {
  readonly strategy: Strategy;
  readonly reason: string;
  readonly deadlineMs?: number;
  readonly overlapMs?: number;
  readonly soakMs?: number;
  readonly stepsAdd: readonly StepType[];
  readonly note?: string;
}

export interface PolicyRule {
  readonly id: string;
  readonly at: Position;
  readonly when: Condition;
  readonly ruling: Ruling;
}

/** What a requirement adds whenever it matches. */
export interface Demand {
  readonly approvals: readonly Omit<ApprovalDemand, 'by'>[];
  readonly gates: readonly GateName[];
  readonly windows: readonly string[];
  readonly freezes: readonly string[];
  readonly deadlineMs?: number;
  readonly maxAgeMs?: number;
}

export interface PolicyRequirement {
  readonly id: string;
  readonly at: Position;
  readonly when: Condition;
  readonly require: Demand;
}

/** What a test expects; what it does not name is not looked at. */
export interface Expectation {
  readonly strategy?: Strategy;
  readonly rule?: string;
  readonly approvals?: readonly {
    readonly role: string;
    readonly count: number;
    readonly not?: readonly string[];
  }[];
  readonly gates?: readonly string[];
  readonly windows?: readonly string[];
  readonly freezes?: readonly string[];
  readonly stepsAdd?: readonly string[];
  /** `none`: policy must not set one. */
  readonly deadlineMs?: number | 'none';
  readonly overlapMs?: number;
  readonly soakMs?: number;
  readonly maxAgeMs?: number | 'none';
}

/** A test of the policy that stands in its own file. */
export interface PolicyTest {
  readonly name: string;
  readonly at: Position;
  /** Fields that are not named are unknown. */
  readonly facts: ReadonlyMap<FieldName, Seen>;
  readonly expect: Expectation;
}

export interface Policy {
  /** As it was named, or where it was found. */
  readonly file: string;
  /** Of the text, 64 hex digits: what the evidence log records. */
  readonly sha256: string;
  readonly settings: RotationSettings;
  /** Environments that the policy names, with their rank and the paths that they hold. */
  readonly environments: readonly EnvironmentName[];
  readonly rules: readonly PolicyRule[];
  readonly requirements: readonly PolicyRequirement[];
  readonly tests: readonly PolicyTest[];
}

export interface PolicyFault extends Position {
  readonly file: string;
  readonly message: string;
}

/** `policy.yaml:12:5: ...` */
export function policyFaultText({ file, line, column, message }: PolicyFault): string {
  return `${file}:${line}:${column}: ${message}`;
}
