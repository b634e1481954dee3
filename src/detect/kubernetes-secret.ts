/**
 * Detector `kubernetes-secret`: the values of a Secret manifest. Under `data` each is base64 of the secret,
 * under `stringData` it is the secret itself; whatever a key is called, the kind says what its value is.
 */
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';
import type { Draft, Emit } from './draft.js';
import { standInOf } from './placeholder.js';
import { isPatterned, looksRandom } from './randomness.js';
import { nameWeightOf } from './slot-name.js';
import { harmlessShapes, shapeOf } from './value-shape.js';

/** Bytes to either side of `kind: Secret` that may belong to its manifest. */
const manifestReach = 4096;
const mostEntries = 64;
/** Shorter than any manifest that holds a value. */
const crammedBytes = 120;

const jsonEntry = /"([\w.-]{1,80})"\s{0,4}:\s{0,4}"([^"\n]{4,2048})"/g;

interface Entry {
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly isEncoded: boolean;
}

interface Line {
  readonly offset: number;
  readonly text: string;
  /** Blanks before its first word; `- ` counts as two. */
  readonly indent: number;
  readonly isItem: boolean;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const head = /^ {0,40}(- {1,4})?/.exec(line)?.[0] ?? '';
    const isBlank = line.trim() === '' || line.trimStart().startsWith('#');
    if (!isBlank) lines.push({ offset, text: line, indent: head.length, isItem: head.includes('-') });
    offset += raw.length + 1;
  }
  return lines;
}

/** Whether the mapping that holds the line at `index` says `kind: Secret`, before it or behind. */
function isOfSecret(lines: readonly Line[], index: number): boolean {
  const { indent } = lines[index] as Line;
  const isKind = (line: Line): boolean =>
    line.indent === indent &&
    /^["']?kind["']?:\s{0,8}["']?Secret["']?\s*(?:#.*)?$/.test(line.text.slice(indent));
  for (let i = index; i >= 0; i--) {
    const line = lines[i] as Line;
    if (line.indent < indent) break;
    if (isKind(line)) return true;
    if (line.isItem && line.indent === indent) break;
  }
  for (let i = index + 1; i < lines.length; i++) {
    const line = lines[i] as Line;
    if (line.indent < indent || (line.isItem && line.indent === indent)) return false;
    if (isKind(line)) return true;
  }
  return false;
}

const mapKey = /^["']?(data|stringData)["']?:\s{0,4}(\{.*)?$/;
const entryLine =
  /^["']?([\w.-]{1,80})["']?:[ ]{1,8}(["']?)([^\s"'#|>{[][^\s"']{3,2047})\2(?:[ \t]+#.*|[ \t]*)$/;
const scalarHead = /^["']?([\w.-]{1,80})["']?:[ ]{1,8}[|>][-+\d]{0,2}[ \t]*$/;
const flowEntry = /["']?([\w.-]{1,80})["']?:\s{1,4}(["']?)([^\s"',{}]{4,2048})\2/g;

function yamlEntries(text: string): Entry[] {
  const entries: Entry[] = [];
  const lines = linesOf(text);
  lines.forEach((line, index) => {
    const head = mapKey.exec(line.text.slice(line.indent).trimEnd());
    if (head === null || !isOfSecret(lines, index)) return;
    const isEncoded = head[1] === 'data';
    if (head[2] === undefined) entries.push(...blockEntries(lines, index, isEncoded));
    else {
      const from = line.text.indexOf('{');
      for (const match of line.text.slice(from).matchAll(flowEntry)) {
        const [whole, name = '', quote = '', value = ''] = match;
        const start = line.offset + from + match.index + whole.length - quote.length - value.length;
        entries.push({ name, text: value, start, isEncoded });
      }
    }
  });
  return entries.slice(0, mostEntries);
}

/** The entries below `data:`; a block scalar counts when it is one line, longer ones are documents of their own. */
function blockEntries(lines: readonly Line[], head: number, isEncoded: boolean): Entry[] {
  const entries: Entry[] = [];
  const { indent } = lines[head] as Line;
  for (let i = head + 1; i < lines.length && (lines[i] as Line).indent > indent; i++) {
    const line = lines[i] as Line;
    const words = line.text.slice(line.indent);
    const name = scalarHead.exec(words)?.[1];
    const next = lines[i + 1];
    if (name !== undefined && next !== undefined && next.indent > line.indent) {
      const isAlone = (lines[i + 2]?.indent ?? 0) <= line.indent;
      const text = next.text.slice(next.indent).trimEnd();
      if (isAlone && !next.isItem) entries.push({ name, text, start: next.offset + next.indent, isEncoded });
      while ((lines[i + 1]?.indent ?? 0) > line.indent) i++;
      continue;
    }
    const match = entryLine.exec(words);
    if (match?.[1] === undefined || match[3] === undefined) continue;
    const start = line.offset + line.text.indexOf(match[3], line.indent + match[1].length + 1);
    entries.push({ name: match[1], text: match[3], start, isEncoded });
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
  // `region: eu-west-1`: words under a name that says nothing of a secret.
  const isPlain =
    nameWeightOf(entry.name) === 'none' && /^[a-z]+(?:[-._][a-z]+)*(?:[-._]\d{1,2})?$/.test(text);
  const isWeak = stand === 'filler' || isPlain || isPatterned(text) || shape === 'number' || /\s/.test(text);
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
  // Kinds so close to each other belong to no two manifests; the first of them reads what is round all.
  const near = head.slice(Math.max(from - window, head.length - crammedBytes)).toLowerCase();
  if (near.includes(bytes.toString('latin1', hitStart, hitEnd).toLowerCase())) return;
  const tail = bytes.toString('latin1', hitEnd, hitEnd + manifestReach);
  const separator = tail.indexOf('\n---');
  const to = hitEnd + (separator < 0 ? tail.length : separator);
  const text = bytes.toString('latin1', from, to);
  for (const entry of bytes[hitStart] === 0x22 ? jsonEntries(text) : yamlEntries(text)) {
    const draft = draftOf(rule, entry, from);
    if (draft !== undefined) emit(draft);
  }
}
