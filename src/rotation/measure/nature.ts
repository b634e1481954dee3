/** What sort of value it is: bound or bearer, of tests only, or a key that other secrets hang on. */
import type { Exposure } from '../../model/exposure.js';
import { attributeReader } from '../derive/attribute-reader.js';
import { pathOf } from '../derive/slots.js';
import type { Copy, SecretRelation } from '../dossier.js';
import type { ProviderRow } from '../facts/provider-table.js';

/** Something besides the value is needed, or limits what it is good for: an audience, one object of a store. */
export function isBound(exposure: Pick<Exposure, 'attributes'>): boolean {
  const attributes = attributeReader(exposure);
  return ['jwt-aud', 'object', 'container-name'].some((name) => attributes.all(name).length > 0);
}

const testFolder =
  /(?:^|\/)(?:tests?|specs?|__tests__|fixtures?|mocks?|__mocks__|examples?|docs?|testdata)(?:\/|$)/i;

function isTestCopy({ container, location }: Copy): boolean {
  return container === 'C22' || testFolder.test(pathOf(location) ?? '');
}

/** All copies stand in tests or documentation, and the value itself says that it works in a test mode only. */
export function isTestOnly(exposure: Pick<Exposure, 'attributes'>, copies: readonly Copy[]): boolean {
  const modes = attributeReader(exposure).all('mode');
  const isTestMode = modes.length > 0 && modes.every((mode) => mode === 'test' || mode === 'sandbox');
  return isTestMode && copies.length > 0 && copies.every(isTestCopy);
}

/** Kinds that sign for others or keep other secrets closed. */
const protectingKinds =
  /signing|^age-secret-key$|rails-master-key|dotenvx-private-key|vault-unseal-key|pgp-private-key|sealed-secrets/;

/** Rows of the provider table that do. */
const protectingRows: ReadonlySet<string> = new Set([
  'ca.private-key',
  'codesign.key',
  'pgp.private-key',
  'oidc.signing-key',
  'app.jwt-hmac-secret',
  'app.framework-key',
  'aws.cloudfront-signing-key',
  'sops.age-key',
  'ansible.vault-password',
]);

/** An encryption key, an authority or a signing key: what it protected stays readable or forgeable after rotation. */
export function protectsOthers(
  exposure: Pick<Exposure, 'attributes' | 'labels'>,
  row: Pick<ProviderRow, 'id'>,
  relations: readonly SecretRelation[],
): boolean {
  return (
    protectingRows.has(row.id) ||
    exposure.labels.some(({ kind }) => protectingKinds.test(kind)) ||
    attributeReader(exposure).all('x509-ca').includes('yes') ||
    attributeReader(exposure).all('ciphertext').includes('true') ||
    relations.some(({ relation, direction }) => relation === 'encrypts' && direction === 'from')
  );
}
