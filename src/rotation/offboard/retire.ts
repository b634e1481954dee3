/** Taking a secret out of service: nothing may use it now, then it is switched off, watched, deleted, and cleaned up after. */
import { isCurrentCopy } from '../derive/copies.js';
import type { Consumer, Dossier } from '../dossier.js';
import { sortedSet } from '../order.js';
import type { Retirement, RetireStep } from './offboard-case.js';
import { soakOf } from './soak.js';
import { currentConsumers, isOver, priorityText, usesOf } from './standing.js';

export interface RetireSettings {
  /** RFC 3339 UTC. */
  readonly now: string;
  readonly soakMs: number;
}

const check = ' (check with the provider)';

function disableStep({ provider }: Dossier): RetireStep {
  const { disable, enable } = provider.commands;
  const doubt = provider.checked ? '' : check;
  const how = provider.reversibleDisable
    ? `Switch it off; it can be switched on again${enable === undefined ? '' : ` with: ${enable}`}${doubt}.`
    : `No way to switch it off and on again is known${doubt}: narrow what it may do, or watch its last use through the soak instead.`;
  return {
    id: 'disable',
    title: 'disable it',
    how: `Note its last use and keep its access log first. ${how}`,
    ...(disable === undefined ? {} : { command: disable }),
    reversible: provider.reversibleDisable,
    targets: [],
  };
}

function soakStep(dossier: Dossier, { now, soakMs }: RetireSettings): RetireStep {
  const { until, why } = soakOf(dossier.consumers, now, soakMs);
  return {
    id: 'soak',
    title: 'soak',
    how: `Wait until then (${why}). Any failed use names a consumer that was missed: switch it on again and look there.`,
    reversible: true,
    until,
    targets: [],
  };
}

function deleteStep({ provider, relations }: Dossier): RetireStep {
  const children = relations.filter(
    ({ relation, direction }) => direction === 'from' && /^(?:signs|mints)$/.test(relation),
  );
  const cascade =
    children.length === 0
      ? ''
      : ` What was made with it goes with it or must be revoked as well: ${children.length} known.`;
  const { revoke } = provider.commands;
  return {
    id: 'delete',
    title: 'delete it: point of no return',
    how: `Revoking: ${provider.revoking}${provider.checked ? '' : check}.${cascade}`,
    ...(revoke === undefined ? {} : { command: revoke }),
    reversible: false,
    targets: sortedSet(children.map(({ to }) => to)),
  };
}

function placesOf({ copies }: Dossier, isWanted: (copy: Dossier['copies'][number]) => boolean): string[] {
  return sortedSet(copies.filter(isWanted).map(({ location }) => location.placeName));
}

function purgeStep(dossier: Dossier): RetireStep {
  const current = dossier.copies.filter(isCurrentCopy).length;
  const left = dossier.copies.filter(({ presence }) => presence !== 'gone').length;
  return {
    id: 'purge',
    title: 'remove the copies',
    how: `${current} can be seen now, ${left - current} stand in history or earlier versions.`,
    reversible: false,
    targets: placesOf(dossier, ({ presence }) => presence !== 'gone'),
  };
}

function rescanStep(dossier: Dossier): RetireStep {
  return {
    id: 'rescan',
    title: 'scan every place again that ever held it',
    how: 'Exports must be newer than the removal. "sprawl verify" gives the verdict.',
    reversible: true,
    targets: placesOf(dossier, () => true),
  };
}

/** Names under which pipelines ask for it, as their evidence tells. */
function ciSecrets(consumers: readonly Consumer[]): string[] {
  return consumers
    .filter(({ kind }) => kind === 'ci')
    .flatMap(({ name, evidence }) => {
      const asked = evidence.flatMap(({ note }) => /\basks for ([A-Za-z_]\w*)/.exec(note ?? '')?.[1] ?? []);
      return asked.map((secret) => `CI secret ${secret} of ${name}`);
    });
}

function removeStep(dossier: Dossier): RetireStep {
  const { resources, vault, kind, principal, consumers } = dossier;
  const isHook = /webhook/.test(kind) || /webhook/.test(principal.kind);
  return {
    id: 'remove',
    title: 'remove what is left of it',
    how: 'Grants and role bindings, vault paths, CI secrets, webhook endpoints: each would let a successor of the same name inherit them.',
    reversible: false,
    targets: sortedSet([
      ...resources.map((resource) => `grant on ${resource.kind} ${resource.address}`),
      ...vault.map((path) => `vault path ${path}`),
      ...ciSecrets(consumers),
      ...(isHook ? [`webhook endpoint of ${principal.key}`] : []),
    ]),
  };
}

/** @param leaving consumers that go with it and do not stop it */
export function retirementOf(
  dossier: Dossier,
  settings: RetireSettings,
  leaving: (consumer: Consumer) => boolean = () => false,
): Retirement {
  const using = currentConsumers(dossier).filter((consumer) => !leaving(consumer));
  const over = isOver(dossier);
  const status = over ? 'over' : using.length > 0 ? 'STILL_CONSUMED' : 'ready';
  const cleaning = [purgeStep(dossier), rescanStep(dossier), removeStep(dossier)];
  const steps =
    status === 'STILL_CONSUMED'
      ? []
      : over
        ? cleaning
        : [disableStep(dossier), soakStep(dossier, settings), deleteStep(dossier), ...cleaning];
  return {
    fingerprint: dossier.fingerprint,
    kind: dossier.kind,
    principal: dossier.principal.key,
    priority: priorityText(dossier),
    status,
    consumers: usesOf(using),
    isListOpen: dossier.coverage !== 'attested',
    steps,
  };
}
