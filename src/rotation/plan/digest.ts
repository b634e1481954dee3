/** Short handles made of hashes. */
import { hash } from 'node:crypto';
import { canonicalJson } from '../../model/canonical-json.js';

/** Hex digits of plan ids and revisions. */
const handleLength = 12;

/** The first hex digits of the SHA-256 of a text. */
export function hexOf(text: string, digits: number): string {
  return hash('sha256', text).slice(0, digits);
}

/** Twelve hex digits that stand for plain data, whatever the order in which its members were written. */
export function handleOf(data: unknown): string {
  return hexOf(canonicalJson(data), handleLength);
}
