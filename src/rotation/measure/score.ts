/** Sums that are printed with their terms: the terms always add up. */
import type { ScoreSheet } from '../dossier.js';

export type Term = ScoreSheet['terms'][number];

export function term(name: string, points: number, why: string): Term {
  return { name, points, why };
}

export function sumOf(terms: readonly Term[]): number {
  return terms.reduce((sum, { points }) => sum + points, 0);
}

/** `1 service`, `3 services`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
