/** The names under which code of infrastructure makes a principal. */

/** Names that say nothing: code for some other server may have the same. */
const generic =
  /^(?:admin|administrator|root|app|application|user|postgres|mysql|sa|dbo|api|web|test|service|svc|default|master|main|readonly|reader|writer|guest|db|database)$/i;

export interface CodeName {
  /** Sort of principal and its name: `gcp ledger`, `db ledger_rw`, `k8s prod/ledger`. */
  readonly token: string;
  /** True when the name is one of many; only code beside a copy tells then. */
  readonly isLocal: boolean;
}

/** Those of a principal's key; none for principals that code cannot name. */
export function codeNamesOf(key: string): readonly CodeName[] {
  const parts = key.split(':');
  const [scheme] = parts;
  const last = parts.at(-1) ?? '';
  switch (scheme) {
    case 'gcp': {
      const account = /^([^@\s]+)@[\w-]+\.iam\.gserviceaccount\.com$/.exec(last)?.[1];
      return account === undefined ? [] : [{ token: `gcp ${account}`, isLocal: false }];
    }
    case 'azure-storage':
      return [{ token: `azure-storage ${last}`, isLocal: false }];
    case 'db':
      return last === '' || generic.test(last) ? [] : [{ token: `db ${last}`, isLocal: true }];
    case 'entra':
    case 'oauth':
      return last === '' ? [] : [{ token: `client ${last}`, isLocal: !/^[0-9a-f-]{36}$/.test(last) }];
    case 'aws':
      return /^A[A-Z0-9]{19}$/.test(last) ? [{ token: `aws ${last}`, isLocal: false }] : [];
    case 'k8s': {
      const [namespace = '', account = ''] = parts.slice(-2);
      return account === '' ? [] : [{ token: `k8s ${namespace}/${account}`, isLocal: true }];
    }
    default:
      return [];
  }
}
