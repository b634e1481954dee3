/**
 * Free text on its way into the evidence log: reasons, comments, sources. It stays there for good, so it must hold no value,
 * and people in it stand under their pseudonym.
 */
import { ProblemError } from '../../model/problem.js';
import type { Party } from '../../rotation/imports.js';
import type { People } from '../../rotation/log/people.js';
import type { Context } from '../context.js';
import type { Session } from '../session.js';
import { refuseValues } from '../value-free-text.js';

const maxTextLength = 2000;
const addressInText = /[^\s@<>()[\],;:"']+@[^\s@<>()[\],;:"']+\.[^\s@<>()[\],;:"'.]+/g;

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Addresses, and names of imported people, as whole words. */
function withoutPeople(text: string, people: People, parties: readonly Party[]): string {
  let result = text.replace(addressInText, (address) => people.pseudonymOf(address));
  for (const { id, type, handles } of parties) {
    if (type !== 'person') continue;
    for (const name of [id, ...handles]) {
      if (!result.includes(name)) continue;
      const word = new RegExp(`(?<![\\p{L}\\p{N}_@-])${escaped(name)}(?![\\p{L}\\p{N}_-])`, 'gu');
      result = result.replace(word, people.pseudonymOf(name));
    }
  }
  return result;
}

/** @param flag how the text was given, for the message */
export async function recordedText(
  context: Context,
  session: Session,
  who: { readonly people: People; readonly parties: readonly Party[] },
  flag: string,
  text: string,
): Promise<string> {
  if (text.length > maxTextLength) {
    throw new ProblemError({
      code: 'usage',
      message: `The text of ${flag} is longer than ${maxTextLength} characters.`,
      hint: 'Keep long texts in a ticket and name that.',
    });
  }
  await refuseValues(context, session, flag, text);
  return withoutPeople(text, who.people, who.parties);
}
