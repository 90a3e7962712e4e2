/** The style sheet of the HTML report. */
export const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1b1b1b; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.4em 0; }
h2 { font-size: 1.2rem; margin: 2em 0 0.6em; border-bottom: 1px solid #ccc; padding-bottom: 0.2em; }
h3 { font-size: 1rem; margin: 1em 0 0.3em; }
.lead { color: #444; margin: 0 0 1em; }
ul { padding-left: 1.2em; } li { margin: 0.35em 0; }
figure { margin: 0.6em 0 1em; } figure svg { max-width: 100%; height: auto; }
figcaption, .note { color: #555; font-size: 0.86rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)); gap: 4px 20px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.86rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: 0.3em 0.45em; text-align: right; border-bottom: 1px solid #e3e3e3; white-space: nowrap; }
th:first-child { text-align: left; font-weight: 500; } thead th { font-weight: 600; border-bottom: 1.5px solid #888; }
table:has(tbody tr td:only-of-type) td { text-align: left; white-space: normal; }
.sample { vertical-align: middle; margin-right: 6px; }
pre { background: #f5f5f5; padding: 0.8em; overflow-x: auto; white-space: pre-wrap; font-size: 0.85rem; }
@media print { main { max-width: none; padding: 0; } section { break-inside: avoid; } body { font-size: 11pt; } }
`;
