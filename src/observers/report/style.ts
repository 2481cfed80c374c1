/** How a report looks, in daylight, in the dark, on a phone and on paper. No colour alone says anything. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf8;--card:#fff;--ink:#22252b;--soft:#656b76;--line:#e4e2dd;--ground:#efede9;
--accent:#2b6c9b;--good:#2f7d5b;--bad:#b3412f;--waiting:#b9bcc3;--cold:#8a7cc4;--way:#c8ab84;--opening:#7fb5d8;--drawing:#2f9487;
--encoding:#e0aa45;--storing:#d9795d;--unknown:#c5c1ba;--plan:#5d6f8a;--sound:#b96f94}
@media (prefers-color-scheme:dark){:root{--paper:#16181c;--card:#1e2126;--ink:#e6e6e3;--soft:#9aa0aa;--line:#31353c;--ground:#2a2e35;
--accent:#7db7e2;--good:#6cc09a;--bad:#ee8a78;--waiting:#5d636e;--cold:#9e92dc;--way:#7d6a4e;--opening:#6aa5cb;--drawing:#3ba698;
--encoding:#d9a84c;--storing:#d9795d;--unknown:#55585e;--plan:#8496b3;--sound:#cc86aa}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Open Sans",sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{max-width:1080px;margin:0 auto;padding:32px 16px 64px}
h1{font-size:clamp(20px,4.5vw,28px);line-height:1.25;font-weight:600;margin:0;overflow-wrap:anywhere;unicode-bidi:isolate}
h2{font-size:18px;font-weight:600;margin:0 0 8px}h3{font-size:14px;font-weight:600;margin:0 0 8px;color:var(--soft)}
p{margin:0 0 8px}a{color:var(--accent)}section{margin-top:40px}
.soft,.note{color:var(--soft)}.note{font-size:14px}.said,code,pre{overflow-wrap:anywhere;unicode-bidi:isolate}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{white-space:pre-wrap;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px;margin:0;max-height:420px;overflow:auto}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.state{font-weight:600}.state.finished{color:var(--good)}.state.failed,.state.cancelled{color:var(--bad)}
header p{color:var(--soft);margin:4px 0 0}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(112px,1fr));background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden;margin:24px 0 0}
.facts div{box-shadow:1px 1px 0 var(--line);padding:10px 12px}.facts dt{font-size:13px;color:var(--soft)}.facts dd{margin:0;font-size:17px;font-weight:600;white-space:nowrap}
.trouble{border-left:4px solid var(--bad);background:var(--card);padding:12px 16px;margin-top:24px;border-radius:0 8px 8px 0}.trouble p{margin:0}
video{display:block;width:min(100%,760px,70vh*var(--width)/var(--height));aspect-ratio:var(--width)/var(--height);background:#000 var(--sheet,none) no-repeat;border-radius:10px}
.film p{margin-top:10px;font-size:14px}
.sheet{display:grid;grid-template-columns:repeat(auto-fill,minmax(max(124px,15%),1fr));gap:10px;list-style:none;margin:0;padding:0}
.sheet div{border-radius:6px;background:#000 var(--sheet) no-repeat;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.sheet span{font-size:12px;color:var(--soft)}
figure{margin:0}
.lanes{display:grid;grid-template-columns:56px minmax(0,1fr);background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 10px 10px 0}
svg{display:block}.plot{overflow:hidden}svg text{font-size:11px;fill:var(--soft);font-family:inherit}svg .strong{font-weight:600;fill:var(--ink)}
svg .word{fill:var(--bad);font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:3px}svg .word.quiet{fill:var(--soft);font-weight:400}
.grid{stroke:var(--line)}.run{stroke:var(--soft);stroke-dasharray:3 3}
${['waiting', 'cold', 'way', 'opening', 'drawing', 'encoding', 'storing', 'unknown'].map((part) => `path.p-${part}{stroke:var(--${part})}rect.p-${part}{fill:var(--${part})}`).join('')}
${['planning', 'merging', 'publishing'].map((name) => `path.o-${name}{stroke:var(--plan)}rect.o-${name}{fill:var(--plan)}`).join('')}
path.o-sound{stroke:var(--sound)}rect.o-sound{fill:var(--sound)}rect.o-rendering{fill:var(--drawing)}rect.ground{fill:var(--ground)}
.m-point{fill:transparent}.m-failed{fill:url(#failed);stroke:var(--bad);stroke-width:1}.m-superseded{fill:url(#superseded);stroke:var(--soft);stroke-width:1;stroke-dasharray:3 2}
.f-ground{fill:var(--card);fill-opacity:.55}.f-line{fill:var(--bad)}.s-dot{fill:var(--ink);fill-opacity:.65}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;margin:10px 0 0;padding:0;font-size:13px;color:var(--soft)}.legend li{display:flex;align-items:center;gap:6px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:24px 40px}
table{border-collapse:collapse;width:100%;font-size:14px}th{text-align:left;font-weight:400}td{text-align:right;white-space:nowrap}
.bars th{padding:3px 12px 3px 0;width:11em;white-space:nowrap}.bars td{padding:3px 0 3px 12px}.bars .track{width:auto;padding:3px 0}.bars td:nth-child(n+3){width:4.5em}
.plain{max-width:560px}.plain th,.plain td{padding:6px 0;border-bottom:1px solid var(--line)}.plain td{padding-left:16px;white-space:normal}.plain .total>*{font-weight:600;border-bottom:0}
.speed{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px}.speed .bar{fill:var(--drawing)}.speed .middle{fill:none;stroke:var(--ink);stroke-dasharray:4 4;stroke-width:1}.speed .ground{fill:none;stroke:var(--line)}
.speed figcaption{display:flex;justify-content:space-between;font-size:12px;color:var(--soft);padding-top:6px}.speed .key::before{content:"";display:inline-block;width:18px;border-top:1px dashed var(--ink);vertical-align:middle;margin-right:6px}
.troubles{list-style:none;margin:0;padding:0}.troubles li{border-top:1px solid var(--line);padding:10px 0}.troubles p{margin:0}.troubles .soft{font-size:13px}
.tag{font-size:12px;border:1px solid var(--line);border-radius:4px;padding:0 6px;color:var(--soft);white-space:nowrap}.t-failed,.t-refused{color:var(--bad);border-color:currentColor}
summary{cursor:pointer}summary h2{display:inline}.wide{overflow-x:auto;margin-top:12px;border:1px solid var(--line);border-radius:10px}
.figures{font-size:13px}.figures th,.figures td{padding:5px 10px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}.figures thead th{color:var(--soft)}.figures tr:last-child>*{border-bottom:0}
dl.about{display:grid;grid-template-columns:minmax(90px,auto) minmax(0,1fr);gap:4px 16px;margin:0 0 16px;font-size:14px}.about dt{color:var(--soft)}.about dd{margin:0;overflow-wrap:anywhere;unicode-bidi:isolate}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media (max-width:480px){.bars th{width:7.5em;white-space:normal}.bars td:nth-child(4){display:none}main{padding-top:20px}section{margin-top:32px}}
@media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--ground:#eee;--bad:#a02010;--good:#1c5e40;--accent:#1d4e74;--waiting:#b9bcc3;--way:#c8ab84;--unknown:#c5c1ba;--plan:#5d6f8a}
body{font-size:11pt}main{max-width:none;padding:0}section{margin-top:20px}video{display:none}svg,.legend{print-color-adjust:exact;-webkit-print-color-adjust:exact}
figure,.pair>div,.troubles li,.plain,.facts,.sheet li{break-inside:avoid}h2,h3{break-after:avoid}.sheet{grid-template-columns:repeat(6,1fr)}
pre{max-height:none}.wide{overflow:visible;border:0}details::details-content{content-visibility:visible;block-size:auto}.figures{font-size:7pt}.figures th,.figures td{padding:2px 4px;white-space:normal}}
`;
