// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "html_page.hpp"

namespace bench {

const std::string_view page_style = R"(
:root { color-scheme: light dark; --back: #ffffff; --panel: #f6f7f9; --ink: #16191d; --soft: #5a6270; --grid: #dfe3e8;
  --c0: #1d5fd1; --c1: #c2560c; --c2: #0a7f5a; --c3: #b3261e; --c4: #7a3fc4; --c5: #0b7c93; --c6: #8a6d00; --c7: #b0307c; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171b; --panel: #1c2026; --ink: #e7eaee; --soft: #9aa4b2; --grid: #313842;
    --c0: #6ea8ff; --c1: #ff9d5c; --c2: #46d3a2; --c3: #ff7b72; --c4: #bd93f9; --c5: #4fc9e0; --c6: #e0c04a; --c7: #f386c4; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 48px; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 32px 0 8px; } h3 { font-size: 15px; margin: 18px 0 0; } figure h3 { margin: 0; }
p.note, p.sub { color: var(--soft); margin: 2px 0 8px; font-size: 13px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(max(130px, 21%), 1fr)); gap: 12px; margin: 14px 0; }
.tile, figure { background: var(--panel); border-radius: 10px; padding: 12px 14px; }
.tile b { display: block; font-size: 20px; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 12px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(520px, 100%), 1fr)); gap: 16px; }
figure { margin: 0; position: relative; }
svg { width: 100%; min-width: 700px; height: auto; display: block; touch-action: pan-x pan-y; }
svg path { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
.dot { fill: currentColor; } .hollow { fill: var(--panel); stroke: currentColor; stroke-width: 2; }
.grid { stroke: var(--grid); stroke-width: 1; } .cross { stroke: var(--soft); stroke-dasharray: 3 3; visibility: hidden; }
.tick, .axis { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
.c4 { color: var(--c4); } .c5 { color: var(--c5); } .c6 { color: var(--c6); } .c7 { color: var(--c7); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 12px; margin: 6px 0; }
.legend i { display: inline-block; width: 14px; height: 3px; border-radius: 2px; background: currentColor;
  margin-right: 6px; vertical-align: middle; }
.legend span b { color: var(--ink); font-weight: 500; }
.hover { position: absolute; pointer-events: none; display: none; background: var(--back); color: var(--ink);
  border: 1px solid var(--grid); border-radius: 8px; padding: 6px 10px; font-size: 12px; white-space: nowrap;
  font-variant-numeric: tabular-nums; box-shadow: 0 2px 10px rgb(0 0 0 / 18%); z-index: 1; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; margin: 8px 0; }
th, td { padding: 4px 12px 4px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child, td.text { text-align: left; }
td.text { white-space: normal; }
details { margin: 12px 0; } summary { cursor: pointer; color: var(--soft); }
)";

const std::string_view page_script = R"(
'use strict';
const plots = JSON.parse(document.getElementById('plots').textContent);
document.querySelectorAll('figure').forEach((figure, number) => {
  const svg = figure.querySelector('svg');
  const cross = svg.querySelector('.cross');
  const box = figure.querySelector('.hover');
  const plot = plots[number];
  const nearest = (points, x) =>
    points.reduce((best, p) => Math.abs(best[0] - x) > Math.abs(p[0] - x) ? p : best, points[0]);
  const hide = () => { box.style.display = 'none'; cross.style.visibility = 'hidden'; };
  // A finger leaves as it is lifted: what a tap shows stays until the next one elsewhere.
  svg.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') { hide(); } });
  document.addEventListener('pointerdown', (event) => { if (!svg.contains(event.target)) { hide(); } });
  const show = (event) => {
    const area = svg.getBoundingClientRect();
    const x = (event.clientX - area.left) / area.width * plot.width;
    const found = plot.lines.map((line) => ({ line, point: nearest(line.points, x) }));
    if (found.length === 0) { return; }
    const at = nearest(found.map((f) => f.point), x);
    cross.setAttribute('x1', at[0]);
    cross.setAttribute('x2', at[0]);
    cross.style.visibility = 'visible';
    box.replaceChildren();
    const head = document.createElement('b');
    head.textContent = at[1];
    box.append(head);
    for (const { line, point } of found) {
      if (Math.abs(point[0] - at[0]) > 12) { continue; }
      const row = document.createElement('div');
      const mark = document.createElement('span');
      mark.className = 'c' + line.colour;
      mark.textContent = '\u25cf ';
      row.append(mark, line.name + ' ' + point[2]);
      box.append(row);
    }
    box.style.display = 'block';
    const inside = figure.getBoundingClientRect();
    const room = inside.right - event.clientX;
    const wanted = box.offsetWidth + 24;
    box.style.left = event.clientX - inside.left + (wanted > room ? -wanted + 8 : 16) + 'px';
    box.style.top = event.clientY - inside.top + 12 + 'px';
  };
  svg.addEventListener('pointermove', show);
  svg.addEventListener('pointerdown', show);
});
)";

} // namespace bench
