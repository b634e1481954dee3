/** What other tools checked or people attested, one JSON object a line. */

import type { Attestation, GateResult, Liveness } from '../imports.js';
import { gateNames } from '../policy/decision.js';
import { Fields, given } from './fields.js';
import type { MapNode } from './json-lines.js';
import type { ImportSource } from './source.js';
import { gateResults, livenessWords } from './vocabulary.js';

const livenessKeys = ['fingerprint', 'checked_at', 'result', 'method', 'by', 'scopes', 'principal'];
const attestationKeys = ['principal', 'by', 'at', 'until'];
const gateKeys = ['plan', 'step', 'gate', 'result', 'window_start', 'window_end', 'value', 'source', 'by'];

function need<Value>(fields: Fields, name: string, read: () => Value | undefined): Value | undefined {
  if (fields.has(name)) return read();
  return fields.fault(name, 'is missing');
}

function readLiveness(fields: Fields): Liveness | undefined {
  fields.only(livenessKeys);
  const fingerprint = fields.needed('fingerprint');
  if (fingerprint !== undefined && !/^[0-9a-f]{12,64}$/i.test(fingerprint))
    fields.fault('fingerprint', 'must be 12 to 64 hex digits');
  const checkedAt = need(fields, 'checked_at', () => fields.time('checked_at'));
  const result = need(fields, 'result', () => fields.word('result', livenessWords));
  const [method, by] = [fields.needed('method'), fields.needed('by')];
  const scopes = fields.texts('scopes');
  const principal = fields.text('principal');
  if (!fingerprint || !checkedAt || !result || !method || !by) return undefined;
  return {
    fingerprint: fingerprint.toLowerCase(),
    checkedAt,
    result,
    method,
    by,
    scopes,
    ...given('principal', principal),
  };
}

function readAttestation(fields: Fields): Attestation | undefined {
  fields.only(attestationKeys);
  const [principal, by] = [fields.needed('principal'), fields.needed('by')];
  const at = need(fields, 'at', () => fields.time('at'));
  const until = untilOf(fields);
  if (!principal || !by || !at) return undefined;
  return { principal, by, at, ...given('until', until) };
}

/** A day is good until it is over, a time until then. */
function untilOf(fields: Fields): string | undefined {
  const text = fields.text('until');
  if (text === undefined) return undefined;
  return text.length === 10 ? fields.date('until') : fields.time('until');
}

function readGate(fields: Fields): GateResult | undefined {
  fields.only(gateKeys);
  const [plan, step] = [fields.needed('plan'), fields.needed('step')];
  const gate = need(fields, 'gate', () => fields.word('gate', gateNames));
  const result = need(fields, 'result', () => fields.word('result', gateResults));
  const windowStart = need(fields, 'window_start', () => fields.time('window_start'));
  const windowEnd = need(fields, 'window_end', () => fields.time('window_end'));
  if (windowStart !== undefined && windowEnd !== undefined && Date.parse(windowEnd) < Date.parse(windowStart))
    fields.fault('window_end', 'lies before "window_start"');
  const value = fields.text('value');
  const [source, by] = [fields.needed('source'), fields.needed('by')];
  if (!plan || !step || !gate || !result || !windowStart || !windowEnd || !source || !by) return undefined;
  return { plan, step, gate, result, windowStart, windowEnd, ...given('value', value), source, by };
}

function readAll<Thing>(
  source: ImportSource,
  nodes: readonly MapNode[],
  read: (fields: Fields) => Thing | undefined,
): Thing[] {
  return nodes.flatMap((node) => read(new Fields(source, node)) ?? []);
}

export function readLivenessLines(source: ImportSource, nodes: readonly MapNode[]): Liveness[] {
  return readAll(source, nodes, readLiveness);
}

export function readAttestationLines(source: ImportSource, nodes: readonly MapNode[]): Attestation[] {
  return readAll(source, nodes, readAttestation);
}

export function readGateLines(source: ImportSource, nodes: readonly MapNode[]): GateResult[] {
  return readAll(source, nodes, readGate);
}
