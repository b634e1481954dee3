/** Roles that Terraform assigns to principals of Entra: `azurerm_role_assignment`. */

import { addressOf, type Grant, referencesIn, type Site, targetText } from './code-site.js';
import { namesOf } from './code-values.js';
import { argumentsOf, type HclBlock, literalOf } from './hcl.js';
import { privilegeOfRole } from './privilege-words.js';

const principal = 'azuread_service_principal';
const application = 'azuread_application';
const clientArguments = ['client_id', 'application_id'];

/** What is assigned to: a client by its id, or the address of what makes it. */
type Assignee = Pick<Grant, 'token' | 'address'>;

function clientsOf({ lines }: HclBlock, names: (expression: string) => readonly string[]): readonly string[] {
  return clientArguments.flatMap((name) => argumentsOf({ lines }, name)).flatMap(names);
}

/** A service principal stands for an application, by its id or by reference. */
function assigneesOf(
  reference: string,
  isData: boolean,
  { scope, values }: Site,
  sites: readonly Site[],
): readonly Assignee[] {
  const found = sites.find(
    ({ block, scope: own }) =>
      own === scope && block.type === (isData ? 'data' : 'resource') && addressOf(block) === reference,
  );
  if (found === undefined) return [];
  const own = isData ? [] : [{ address: `${scope}#${reference}` }];
  const clients = clientsOf(found.block, (expression) => namesOf(expression, values));
  return [
    ...own,
    ...referencesIn(found.block.lines, application).map((address) => ({ address: `${scope}#${address}` })),
    ...(isData ? clients.map((id) => ({ token: `client ${id}` })) : []),
  ];
}

export function azureGrants(site: Site, sites: readonly Site[]): readonly Grant[] {
  const { block, evidence } = site;
  if (block.labels[0] !== 'azurerm_role_assignment') return [];
  const role =
    literalOf(argumentsOf(block, 'role_definition_name')[0]) ??
    literalOf(argumentsOf(block, 'role_definition_id')[0])?.split('/').at(-1) ??
    'unknown';
  const holder = argumentsOf(block, 'principal_id');
  const isData = holder.some((expression) => expression.includes(`data.${principal}.`));
  const assignees = referencesIn(holder, principal).flatMap((reference) =>
    assigneesOf(reference, isData, site, sites),
  );
  const target = targetText(argumentsOf(block, 'scope')[0]);
  return assignees.map((assignee) => ({
    ...assignee,
    kind: 'other',
    target: `azure:${target}`,
    role,
    privilege: privilegeOfRole(role),
    isWildcard: false,
    evidence: { ...evidence, note: `${addressOf(block)}: ${role}` },
  }));
}
