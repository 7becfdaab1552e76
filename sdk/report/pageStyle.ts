/** The look of a page: one column of sober text, ruled tables, and forms for paper and for a narrow window. */
export const pageStyle = `
:root { color-scheme: light; overflow-y: scroll; }
body { margin: 0; background: #fff; color: #222;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { box-sizing: border-box; max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { margin: 0; font-size: 28px; line-height: 1.25; font-weight: 600; }
h2 { margin: 44px 0 10px; padding-bottom: 4px; border-bottom: 1px solid #ddd; font-size: 19px; font-weight: 600; }
p, ul { margin: 10px 0; max-width: 44em; }
ul { padding-left: 1.2em; }
.subtitle { margin-top: 6px; color: #666; }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; background: #f4f4f4;
  padding: 1px 4px; border-radius: 3px; }
.scroll { overflow-x: auto; margin: 18px 0; }
table { border-collapse: collapse; border-top: 1.5px solid #222; border-bottom: 1.5px solid #222; font-size: 14px; }
caption, figcaption { text-align: left; color: #666; font-size: 14px; }
caption { padding-bottom: 8px; }
th, td { padding: 5px 12px 5px 0; text-align: left; vertical-align: top; white-space: pre-line; }
th { border-bottom: 1px solid #222; font-weight: 600; vertical-align: bottom; }
td { border-bottom: 1px solid #eee; }
.number { padding-left: 10px; text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
figure { margin: 22px 0; }
figcaption { max-width: 62em; margin-top: 6px; }
.numalab-figure { overflow-x: auto; }
.numalab-figure img { display: block; max-width: 100%; }
@media (max-width: 900px) {
  table { font-size: 13px; line-height: 1.4; }
  th, td { padding: 4px 8px 4px 0; }
  .number { padding-left: 0; }
  td.number { white-space: normal; }
}
@media (max-width: 600px) {
  main { padding: 24px 14px 48px; }
  table { font-size: 12px; }
  th, td { padding: 4px 6px 4px 0; }
  th.number { padding: 0 0 4px; writing-mode: vertical-rl; transform: rotate(180deg);
    text-align: left; white-space: nowrap; }
  .numalab-figure .gtitle { font-size: 13px !important; }
}
@media (max-width: 600px), (hover: none) {
  .modebar { display: none !important; }
}
@media print {
  @page { margin: 14mm; }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  figure { zoom: 0.74; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; }
  .modebar { display: none !important; }
}
`;
