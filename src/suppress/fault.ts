/** What is wrong with a file of configuration, by line; the text of the file itself stays out. */
import { ProblemError } from '../model/problem.js';

export interface Fault {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Most faults of one file that are told. */
const maxTold = 10;

export function configError(file: string, faults: readonly Fault[]): ProblemError {
  const told = faults.slice(0, maxTold).map(({ line, message }) => `line ${line}: ${message}`);
  const more = faults.length > maxTold ? `; and ${faults.length - maxTold} more` : '';
  return new ProblemError({
    code: 'config-invalid',
    message: `The file ${file} is not valid: ${told.join('; ')}${more}.`,
  });
}

/** Name of a field as it may be shown: what was pasted into the wrong place is not repeated. */
export function shownField(name: string): string {
  return isPlainName(name) ? `"${name}"` : 'with an odd name';
}

/** Letters alone, and few: a word that somebody mistyped, hardly a secret. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z]+(?:[_-][A-Za-z]+)*$/.test(name) && name.length <= 24;
}

/** Bytes that no honest configuration comes near. It stands here so that its readers need not load YAML. */
export const maxConfigBytes: number = 2 * 1024 * 1024;
