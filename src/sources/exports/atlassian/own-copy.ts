/**
 * A string of its own. A part cut out of a longer string keeps all of that in memory, which does not matter for a text
 * on its way, but does for a name that is remembered until the end of the file.
 */
export function ownCopy(text: string): string;
export function ownCopy(text: string | undefined): string | undefined;
export function ownCopy(text: string | undefined): string | undefined {
  // Shorter strings are always copied by the engine.
  return text === undefined || text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}
