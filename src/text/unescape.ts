/**
 * All readings of a short window with its escapes undone, for text round a keyword hit: which syntax a
 * window is in is not known, so each escaping that shows is tried, again on the result, until nothing changes.
 */
import type { Spelling } from '../model/finding.js';
import {
  undoEntities,
  undoJsonEscapes,
  undoLinkMangling,
  undoPercent,
  undoQuotedPrintable,
  undoShellEscapes,
} from './escapes.js';
import { composeMaps, identityMap } from './offset-map.js';
import { undoTypography } from './typography.js';
import type { TextView } from './view.js';
import type { Rewritten } from './view-writer.js';

/** Layers undone at most; exports nest two to four, of which the reader of the export undoes its own. */
const maxDepth = 3;
/** Distinct readings of one window at most. */
const maxVariants = 16;

interface Layer {
  readonly spelling: Spelling | undefined;
  readonly undo: (input: Buffer) => Rewritten | undefined;
}

/** In the order of likelihood; `undefined` marks the clean-up that is a view and no spelling. */
const layers: readonly Layer[] = [
  { spelling: 'json-escaped', undo: undoJsonEscapes },
  { spelling: 'percent', undo: undoPercent },
  { spelling: 'xml-escaped', undo: undoEntities },
  { spelling: 'shell-escaped', undo: undoShellEscapes },
  { spelling: 'quoted-printable', undo: undoQuotedPrintable },
  { spelling: 'link-mangled', undo: undoLinkMangling },
  { spelling: undefined, undo: undoTypography },
];

type Reading = TextView;

const mayEscape = new Uint8Array(256).fill(1, 0x80);
for (const byte of Buffer.from('\\%&=<')) mayEscape[byte] = 1;
for (let c = 0; c < 32; c++) if (c !== 9 && c !== 10 && c !== 13) mayEscape[c] = 1;

function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (mayEscape[bytes[i] as number] === 1) return true;
  return false;
}

/** The readings one layer below `reading` that were not `seen` before. */
function undoOnce(reading: Reading, seen: Set<string>): Reading[] {
  const found: Reading[] = [];
  for (const { spelling, undo } of layers) {
    const undone = undo(reading.bytes);
    if (undone === undefined) continue;
    const text = undone.bytes.toString('latin1');
    if (seen.has(text)) continue;
    seen.add(text);
    found.push({
      bytes: undone.bytes,
      map: composeMaps(reading.map, undone.map),
      view: spelling === undefined ? 'plain' : reading.view,
      spelling: spelling === undefined ? reading.spelling : [...reading.spelling, spelling],
    });
  }
  return found;
}

/**
 * Each distinct reading of `bytes[start, end)` with one to three layers of escapes undone, fewest layers
 * first; none when there is nothing to undo. Maps lead to offsets of `bytes`.
 */
export function unescapeWindow(bytes: Buffer, start: number, end: number): TextView[] {
  if (!hasEscape(bytes, start, end)) return [];
  const window = bytes.subarray(start, end);
  const seen = new Set([window.toString('latin1')]);
  const found: Reading[] = [];
  let level: Reading[] = [
    { bytes: window, map: identityMap(window.length, start), view: 'decoded', spelling: [] },
  ];
  for (let depth = 0; depth < maxDepth && found.length < maxVariants; depth++) {
    level = level.flatMap((reading) => undoOnce(reading, seen));
    found.push(...level);
  }
  return found.slice(0, maxVariants);
}
