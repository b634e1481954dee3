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
import type { OffsetMap, TextView } from './view.js';
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

interface Reading {
  readonly bytes: Buffer;
  readonly map: OffsetMap;
  readonly spelling: readonly Spelling[];
  readonly isPlain: boolean;
}

const mayEscape = new Uint8Array(256).fill(1, 0x80);
for (const byte of Buffer.from('\\%&=<')) mayEscape[byte] = 1;
for (let c = 0; c < 32; c++) if (c !== 9 && c !== 10 && c !== 13) mayEscape[c] = 1;

function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (mayEscape[bytes[i] as number] === 1) return true;
  return false;
}

/**
 * Each distinct reading of `bytes[start, end)` with one to three layers of escapes undone, fewest layers
 * first; none when there is nothing to undo. Maps lead to offsets of `bytes`.
 */
export function unescapeWindow(bytes: Buffer, start: number, end: number): TextView[] {
  if (!hasEscape(bytes, start, end)) return [];
  const window = bytes.subarray(start, end);
  const seen = new Set([window.toString('latin1')]);
  const found: TextView[] = [];
  let level: Reading[] = [
    { bytes: window, map: identityMap(window.length, start), spelling: [], isPlain: false },
  ];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: Reading[] = [];
    for (const reading of level) {
      for (const layer of layers) {
        const undone = layer.undo(reading.bytes);
        if (undone === undefined) continue;
        const text = undone.bytes.toString('latin1');
        if (seen.has(text)) continue;
        seen.add(text);
        const deeper: Reading = {
          bytes: undone.bytes,
          map: composeMaps(reading.map, undone.map),
          spelling: layer.spelling === undefined ? reading.spelling : [...reading.spelling, layer.spelling],
          isPlain: reading.isPlain || layer.spelling === undefined,
        };
        next.push(deeper);
        const { map, spelling } = deeper;
        found.push({ bytes: deeper.bytes, map, view: deeper.isPlain ? 'plain' : 'decoded', spelling });
        if (found.length >= maxVariants) return found;
      }
    }
    level = next;
  }
  return found;
}
