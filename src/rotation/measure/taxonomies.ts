/** The catalogues that control ids belong to, as reports name them. */

export interface Taxonomy {
  /** Stable: what results refer to. */
  readonly name: string;
  readonly title: string;
  readonly organization: string;
  readonly version: string;
  readonly uri: string;
  /** True for ids of controls that belong to it. */
  readonly has: RegExp;
  /** Names of the entries that are known by one. */
  readonly names: Readonly<Record<string, string>>;
}

export const taxonomies: readonly Taxonomy[] = [
  {
    name: 'OWASP-NHI',
    title: 'OWASP Non-Human Identities Top 10',
    organization: 'OWASP',
    version: '2025',
    uri: 'https://owasp.org/www-project-non-human-identities-top-10/2025/',
    has: /^NHI\d+$/,
    names: {
      NHI1: 'Improper Offboarding',
      NHI2: 'Secret Leakage',
      NHI3: 'Vulnerable Third-Party NHI',
      NHI4: 'Insecure Authentication',
      NHI5: 'Overprivileged NHI',
      NHI6: 'Insecure Cloud Deployment Configurations',
      NHI7: 'Long-Lived Secrets',
      NHI8: 'Environment Isolation',
      NHI9: 'NHI Reuse',
      NHI10: 'Human Use of NHI',
    },
  },
  {
    name: 'NIST-CSF',
    title: 'NIST Cybersecurity Framework',
    organization: 'NIST',
    version: '2.0',
    uri: 'https://www.nist.gov/cyberframework',
    has: /^[A-Z]{2}\.[A-Z]{2}-\d{2}$/,
    names: {},
  },
  {
    name: 'OWASP-ASI',
    title: 'OWASP Top 10 for Agentic Applications',
    organization: 'OWASP',
    version: '2026',
    uri: 'https://genai.owasp.org/',
    has: /^ASI\d{2}$/,
    names: {},
  },
  {
    name: 'MAESTRO',
    title: 'MAESTRO layers of agentic systems',
    organization: 'Cloud Security Alliance',
    version: '2025',
    uri: 'https://cloudsecurityalliance.org/',
    has: /^MAESTRO L\d$/,
    names: {},
  },
  {
    name: 'NIST-AI-RMF',
    title: 'NIST AI Risk Management Framework',
    organization: 'NIST',
    version: '1.0',
    uri: 'https://www.nist.gov/itl/ai-risk-management-framework',
    has: /^AI RMF /,
    names: {},
  },
];

/** Name of the catalogue of a control; undefined for ids of none. */
export function taxonomyOf(control: string): string | undefined {
  return taxonomies.find(({ has }) => has.test(control))?.name;
}
