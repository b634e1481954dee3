/** The style sheet of the page: one column that fits a phone, in the light or dark that the reader's system asks for. */
export const pageStyle = `
:root { color-scheme: light dark; --line: #8886; --alarm: #b3261e; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --alarm: #ff8a80; --good: #7ddba0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.2rem; margin: 0; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
section { border: 1px solid var(--line); border-radius: 0.5rem; margin: 1rem 0; padding: 0.75rem 1rem; }
ul { list-style: none; margin: 0; padding: 0; }
li { border-top: 1px solid var(--line); padding: 0.4rem 0; }
code { font-family: ui-monospace, monospace; font-size: 0.95em; }
.status { border: 1px solid; border-radius: 1rem; font-size: 0.8rem; padding: 0 0.5rem; }
.alarm { color: var(--alarm); }
.good { color: var(--good); }
@media print { section { break-inside: avoid; } }
`;
