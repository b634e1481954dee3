/**
 * Detector `kubernetes-secret`: the values of a Secret manifest. Under `data` each is base64 of the secret,
 * under `stringData` it is the secret itself; whatever a key is called, the kind says what its value is.
 */
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';
import type { Draft, Emit } from './draft.js';
import { standInOf } from './placeholder.js';
import { isPatterned, looksRandom } from './randomness.js';
import { harmlessShapes, shapeOf } from './value-shape.js';

/** Bytes to either side of `kind: Secret` that may belong to its manifest. */
const manifestReach = 4096;
const mostEntries = 64;

const yamlEntry =
  /^([ ]{1,12})["']?([\w.-]{1,80})["']?:[ ]{1,8}(["']?)([^\s"'#]{4,2048})\3[ \t]*(?:#.*)?\r?$/;
const jsonEntry = /"([\w.-]{1,80})"\s{0,4}:\s{0,4}"([^"\n]{4,2048})"/g;

interface Entry {
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly isEncoded: boolean;
}

function yamlEntries(text: string): Entry[] {
  const entries: Entry[] = [];
  let block: 'data' | 'stringData' | undefined;
  let offset = 0;
  for (const line of text.split('\n')) {
    const head = /^(?:- )?(data|stringData):\s*$/.exec(line.trimEnd());
    if (head !== null) block = head[1] as 'data' | 'stringData';
    else if (/^\S/.test(line)) block = undefined;
    else if (block !== undefined && entries.length < mostEntries) {
      const match = yamlEntry.exec(line);
      const value = match?.[4];
      if (match?.[2] !== undefined && value !== undefined) {
        const start = offset + line.indexOf(value, line.indexOf(':') + 1);
        entries.push({ name: match[2], text: value, start, isEncoded: block === 'data' });
      }
    }
    offset += line.length + 1;
  }
  return entries;
}

function jsonEntries(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const block of text.matchAll(/"(data|stringData)"\s{0,4}:\s{0,4}\{([^{}]{0,4096})\}/g)) {
    const body = block[2] ?? '';
    const from = block.index + block[0].length - 1 - body.length;
    for (const match of body.matchAll(jsonEntry)) {
      if (entries.length >= mostEntries) return entries;
      const [whole, name = '', value = ''] = match;
      const start = from + match.index + whole.length - 1 - value.length;
      entries.push({ name, text: value, start, isEncoded: block[1] === 'data' });
    }
  }
  return entries;
}

/** The text that base64 wraps; undefined when it is binary, a certificate or a whole document of its own. */
function decoded(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(text, 'base64');
  for (const byte of bytes)
    if (byte < 0x20 || byte === 0x7f)
      return byte === 0x0a && bytes.at(-1) === 0x0a && bytes.indexOf(0x0a) === bytes.length - 1
        ? bytes.subarray(0, -1)
        : undefined;
  return bytes.toString('utf8').includes('\ufffd') ? undefined : bytes;
}

const plainNames =
  /^(?:.*[._-])?(?:user|username|usr|login|email|host|hostname|port|db|dbname|database|url|uri|endpoint|region|name|namespace|type|id|bucket|server|address|domain|issuer|ca\.crt|tls\.crt|cert|certificate)$/i;

function draftOf(rule: CompiledRule, entry: Entry, base: number): Draft | undefined {
  const value = entry.isEncoded ? decoded(entry.text) : Buffer.from(entry.text, 'latin1');
  if (value === undefined || value.length < 4) return undefined;
  const text = value.toString('utf8');
  const stand = standInOf(text);
  if (stand !== undefined && stand !== 'filler') return undefined;
  const shape = shapeOf(text);
  if ((shape !== undefined && harmlessShapes.has(shape)) || /^(?:true|false|null)$/i.test(text))
    return undefined;
  if (plainNames.test(entry.name) && !looksRandom(text)) return undefined;
  const isWeak = stand === 'filler' || isPatterned(text) || shape === 'number' || /\s/.test(text);
  return {
    rule,
    value: new SecretValue(value),
    start: base + entry.start,
    end: base + entry.start + entry.text.length,
    layers: entry.isEncoded ? ['data-value'] : [],
    confidence: isWeak ? 'low' : rule.confidence,
    reasons: ['kubernetes-secret', ...(isWeak ? ['filler'] : [])],
    slot: entry.name,
  };
}

/** The drafts of the manifest whose `kind: Secret` stands at the hit. */
export function detectKubernetesSecret(
  rule: CompiledRule,
  bytes: Buffer,
  hitStart: number,
  hitEnd: number,
  emit: Emit,
): void {
  const next = bytes[hitEnd];
  // `SecretList`, `SecretStore`, `SecretProviderClass` hold other things.
  if (next !== undefined && /[\w.-]/.test(String.fromCharCode(next))) return;
  const window = Math.max(0, hitStart - manifestReach);
  const head = bytes.toString('latin1', window, hitStart);
  const from = window + head.lastIndexOf('\n---') + 1;
  // One manifest is read once, however often its kind stands in it.
  if (
    head
      .slice(from - window)
      .toLowerCase()
      .includes(bytes.toString('latin1', hitStart, hitEnd).toLowerCase())
  )
    return;
  const tail = bytes.toString('latin1', hitEnd, hitEnd + manifestReach);
  const separator = tail.indexOf('\n---');
  const to = hitEnd + (separator < 0 ? tail.length : separator);
  const text = bytes.toString('latin1', from, to);
  for (const entry of bytes[hitStart] === 0x22 ? jsonEntries(text) : yamlEntries(text)) {
    const draft = draftOf(rule, entry, from);
    if (draft !== undefined) emit(draft);
  }
}
