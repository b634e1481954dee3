/** Rich text of Notion's interface: a list of pieces, cut wherever their look changes. */
import { isObject, type JsonObject, memberOf } from '../object-texts.js';

const maxDepth = 64;

/** Each list of pieces becomes `{ plain_text, href }`: their texts joined with nothing, and their links. */
export function joinRichText(value: JsonObject): JsonObject {
  return joined(value, 0) as JsonObject;
}

function joined(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) {
    const pieces = value.filter(isPiece);
    if (pieces.length > 0 && pieces.length === value.length) return joinPieces(pieces);
    return value.map((element: unknown) => joined(element, depth + 1));
  }
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, child] of Object.entries(value)) object[key] = joined(child, depth + 1);
  return object;
}

function isPiece(value: unknown): value is JsonObject {
  return isObject(value) && typeof memberOf(value, 'plain_text') === 'string';
}

function joinPieces(pieces: readonly JsonObject[]): JsonObject {
  const text = pieces.map((piece) => String(piece['plain_text'])).join('');
  const links = pieces.flatMap((piece) => linksOf(piece));
  // An address that is its own text is said once.
  return { plain_text: text, href: [...new Set(links)].filter((link) => !text.includes(link)) };
}

function linksOf(piece: JsonObject): string[] {
  const text = memberOf(piece, 'text');
  const content = isObject(text) ? memberOf(text, 'content') : undefined;
  const link = isObject(text) ? memberOf(text, 'link') : undefined;
  const mention = memberOf(piece, 'mention');
  const candidates: unknown[] = [
    memberOf(piece, 'href'),
    isObject(link) ? memberOf(link, 'url') : undefined,
    // The same as `plain_text`, unless someone wrote the dump anew.
    content === piece['plain_text'] ? undefined : content,
    ...(isObject(mention) ? mentionTexts(mention) : []),
  ];
  return candidates.filter(
    (candidate): candidate is string => typeof candidate === 'string' && candidate !== '',
  );
}

/** Strings of a mention: a link's preview has an address and a title. */
function mentionTexts(mention: JsonObject): unknown[] {
  return Object.values(mention).flatMap((value) =>
    isObject(value)
      ? [
          memberOf(value, 'url'),
          memberOf(value, 'href'),
          memberOf(value, 'title'),
          memberOf(value, 'description'),
        ]
      : [],
  );
}
