/** How much a name says. `PAYMENTS_STRIPE_KEY` is the same thing in two repositories, `API_KEY` is not. */
import { wordsOf } from '../slot-names.js';

const generic: ReadonlySet<string> = new Set(
  (
    'access account admin api app application auth authorization aws azure base basic bearer bot broker cache cert ' +
    'certificate ci client cloud cluster config conn connection connectionstring cookie cred credential credentials ' +
    'database db default deploy deployment dev development docker email encryption env environment gcp git github ' +
    'gitlab google host http https id identity instance internal jwt key keys kube kubernetes local login mail main ' +
    'master mongo mongodb my mysql node npm number oauth openai package pass passphrase passwd password path pg port ' +
    'postgres postgresql private prod production proxy public pw pwd redis refresh registry release repo root s3 secret ' +
    'secrets server service session signing slack smtp sql ssh staging storage string stripe sentry test tls token ' +
    'tokens uri url user username value vault web webhook'
  ).split(' '),
);

/** Shortest word that can tell one thing from another. */
const leastLength = 3;

/** True for names that may link repositories: one of their words is about something of the owner's own. */
export function isSpecificName(name: string): boolean {
  const words = wordsOf(name);
  return (
    words.length > 1 &&
    words.some((word) => word.length >= leastLength && !/\d/.test(word) && !generic.has(word))
  );
}

/** True for names that can be looked up in files at all. */
export function isLookedUp(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{2,79}$/.test(name);
}
