/** What policy would say of a secret if nothing were excepted: what an exception suspends. */
import type { Dossier } from '../../rotation/dossier.js';
import { noGraphFacts } from '../../rotation/graph/graph-facts.js';
import { rotationStatuses } from '../../rotation/log/rotation-status.js';
import { decide } from '../../rotation/policy/decide.js';
import type { Decision } from '../../rotation/policy/decision.js';
import type { Rotation, RotationLook } from './rotation.js';

export function unexceptedDecisions({
  policy,
  state,
  now,
}: Rotation): (look: RotationLook, dossier: Dossier) => Decision {
  const statuses = rotationStatuses(state);
  return ({ input }, dossier) => {
    const status = statuses.get(dossier.fingerprint);
    return decide(policy, {
      dossier,
      graph: input.graph.get(dossier.fingerprint) ?? noGraphFacts,
      isExcepted: false,
      now,
      ...(status === undefined ? {} : { status }),
    });
  };
}
