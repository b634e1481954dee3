/** The same secret, had the public been able to read it: what a plan tells where nobody knows who can read a copy. */
import type { PolicySubject } from './read-fields.js';

/** Only what policy reads of exposure changes; priority stays that of what is known. */
export function subjectIfPublic(subject: PolicySubject): PolicySubject {
  const { dossier } = subject;
  return {
    ...subject,
    dossier: { ...dossier, audience: 'public', publicEver: true, exposureLevel: 'public-present' },
  };
}
