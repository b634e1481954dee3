/** What a kind of credential reaches at its provider (`R5`): a payment key reaches the payment account. */
import type { Resource } from '../../dossier.js';
import type { ProviderRow } from '../../facts/provider-table.js';

/** Groups of provider rows by the first part of their ids. */
const kindOfGroup: readonly (readonly [RegExp, string])[] = [
  [/^(?:stripe|paypal|square|paddle|adyen|braintree|shopify)$/, 'payment'],
  [/^(?:openai|anthropic|huggingface|groq|openrouter|elevenlabs|cohere|mistral|replicate)$/, 'model'],
  [/^(?:github|gitlab|bitbucket)$/, 'repository'],
  [/^(?:npm|pypi|rubygems|nuget|cratesio|dockerhub|artifactory)$/, 'registry'],
  [/^(?:vault|infisical|doppler|conjur|1password)$/, 'vault'],
  [/^(?:sendgrid|mailgun|mailchimp|postmark)$/, 'mailbox'],
  [/^(?:snowflake|databricks|planetscale|supabase|mongodb-atlas)$/, 'database'],
  [/^(?:confluent)$/, 'queue'],
  [/^(?:k8s)$/, 'cluster'],
];
/** Rows about forms of credentials: who issued it is not known. */
const noProvider =
  /^(?:generic|app|tls|ca|ssh|pgp|jwt|oidc|ldap|spiffe|sops|codesign|registry|postgres|mysql|redis|rabbitmq|mongodb|sqlserver|oracle|kafka|k8s|ansible)$/;

/** The account at the provider; nothing for kinds that any server may issue. */
export function providerResources(row: ProviderRow): readonly Omit<Resource, 'environment'>[] {
  const group = row.id.split('.')[0] ?? '';
  if (noProvider.test(group) || row.publishable) return [];
  const kind = kindOfGroup.find(([pattern]) => pattern.test(group))?.[1] ?? 'api';
  return [{ kind, address: `account at ${row.provider}`, rule: 'R5' }];
}
