/** The style sheet of the HTML report: for screens from 360 pixels on, and for paper. */
export const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1b1b1b; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
main { max-width: 880px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.4em 0; }
h2 { font-size: 1.2rem; margin: 2em 0 0.6em; border-bottom: 1px solid #ccc; padding-bottom: 0.2em; }
h3 { font-size: 1rem; margin: 1em 0 0.3em; }
h3 small { color: #555; font-weight: 400; }
.lead { color: #444; margin: 0 0 1em; }
ul { padding-left: 1.2em; } li { margin: 0.35em 0; }
figure { margin: 0.6em 0 1em; } figure svg { max-width: 100%; height: auto; }
figcaption, .note { color: #555; font-size: 0.86rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(330px, 100%), 1fr)); gap: 4px 20px; }
.pair > * { min-width: 0; }
.maps { display: flex; flex-wrap: wrap; gap: 4px 22px; } .maps figure { max-width: 264px; min-width: 0; }
.frames { display: flex; flex-wrap: wrap; gap: 8px 10px; }
.narrow { display: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.86rem; font-variant-numeric: tabular-nums; width: 100%; overflow-wrap: normal; }
th, td { padding: 0.3em 0.45em; text-align: right; border-bottom: 1px solid #e3e3e3; white-space: nowrap; }
thead th { font-weight: 600; border-bottom: 1.5px solid #888; white-space: normal; vertical-align: bottom; }
th:first-child { text-align: left; font-weight: 500; }
table:has(tbody tr td:only-of-type) :is(td, th) { text-align: left; }
table:has(tbody tr td:only-of-type) td { white-space: normal; overflow-wrap: anywhere; }
table.numbers { width: auto; } table.numbers :is(td, th:last-child) { text-align: right !important; }
svg.sample { vertical-align: middle; margin-right: 6px; }
pre { background: #f5f5f5; padding: 0.8em; overflow-x: auto; white-space: pre-wrap; font-size: 0.85rem; }
.example { border-top: 1px solid #ddd; margin: 1em 0; }
.answers { margin: 0.3em 0; font-size: 0.93rem; }
.answers > div { display: grid; grid-template-columns: 11em 1fr; gap: 0 1em; padding: 0.25em 0.5em; border-left: 4px solid transparent; }
.answers dt { color: #444; } .answers dd { margin: 0; min-width: 0; }
.answers > .right { border-left: 4px solid #00805c; } .answers > .wrong { border-left: 4px double #b3400a; }
.right .verdict { color: #006b4d; font-weight: 600; } .wrong .verdict { color: #a33405; font-weight: 600; }
.text { white-space: pre-wrap; }
ins, del { margin: 0 1px; } del + ins { margin-left: 0.25em; }
ins { text-decoration: underline wavy #b3400a 1px; text-underline-offset: 3px; } del { color: #666; text-decoration: line-through; }
.score { white-space: nowrap; } .score, .missed { color: #555; font-size: 0.86rem; }
mark { background: #fff2c4; color: inherit; border-bottom: 2px solid #8a6d00; padding: 0 1px; }
mark.right { background: #d9f2e6; border-bottom: 2px solid #00805c; } mark.wrong { background: #fbe3d6; border-bottom: 2px dashed #b3400a; }
.label { font-size: 0.72em; font-weight: 600; color: #333; margin-left: 0.3em; letter-spacing: 0.03em; }
details { margin: 0.8em 0; } summary { cursor: pointer; color: #00548a; }
@media (max-width: 600px) {
  main { padding: 12px 12px 48px; }
  .wide { display: none; } .narrow { display: block; }
  .answers > div { grid-template-columns: 1fr; } .answers dt { font-size: 0.86rem; }
  th:first-child { white-space: normal; min-width: 8em; }
}
@media print {
  main { max-width: none; padding: 0; } body { font-size: 10.5pt; }
  section:not(.long), figure, tr, .answers > div { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; } th, td { white-space: normal; font-size: 8.5pt; }
  mark { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  details::details-content { content-visibility: visible; display: block; height: auto; } summary { list-style: none; }
  @supports not selector(details::details-content) { summary::after { content: " (folded: open it before printing)"; } }
}
`;
