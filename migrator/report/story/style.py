"""The style of the report and of the board: for screens, telephones, paper and the dark; nothing is loaded."""

STYLE = """\
:root { --text: #1b1f24; --quiet: #57606a; --page: #fff; --card: #f6f8fa; --line: #d0d7de; --good: #176b34;
  --fail: #b42318; --warn: #7a4d00; --ask: #6b2fb3; --wait: #0b57b0; --act: #0b57b0; --gate: #7a4d00;
  --deadline: #b42318; --done: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --quiet: #9da7b3; --page: #0d1117; --card: #161b22; --line: #30363d; --good: #56d364;
    --fail: #ff8a80; --warn: #f0b429; --ask: #d2a8ff; --wait: #79b8ff; --act: #79b8ff; --gate: #f0b429;
    --deadline: #ff8a80; --done: #9da7b3; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 72rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; max-width: 46rem; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .85em; }
a { color: inherit; }
:focus-visible { outline: .18rem solid var(--wait); outline-offset: .12rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; }
.quiet { color: var(--quiet); }
.good { --mark: var(--good); } .fail { --mark: var(--fail); } .warn { --mark: var(--warn); }
.note { --mark: var(--quiet); } .ask { --mark: var(--ask); } .wait { --mark: var(--wait); }
.verdict { margin: 1rem 0; padding: .75rem 1rem; border-left: .4rem solid var(--mark); background: var(--card); }
.verdict p { max-width: none; }
.verdict p:first-child { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: .75rem 0; }
figure { margin: 1rem 0; overflow-x: auto; }
.timeline { display: block; width: 100%; min-width: 44rem; height: auto; }
.timeline text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--text); }
.timeline .date, .timeline .nowtext { fill: var(--quiet); }
.timeline .tick { stroke: var(--line); }
.timeline .now { stroke: var(--quiet); stroke-dasharray: 4 3; }
.timeline .act { fill: var(--act); } .timeline .gate { fill: var(--gate); }
.timeline .deadline { fill: var(--deadline); } .timeline .done { fill: var(--done); }
.timeline .bar { opacity: .45; } .timeline .margin { fill: var(--quiet); opacity: .5; }
.items { list-style: none; margin: 0; padding: 0; }
.items > li { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0 1rem; border-top: 1px solid var(--line);
  padding: .55rem 0; break-inside: avoid; }
.mark { color: var(--mark, inherit); font-weight: 600; }
td .mark { display: inline-block; }
.command { display: block; margin: .35rem 0; padding: .4rem .6rem; background: var(--card); border-radius: .3rem;
  white-space: pre-wrap; }
.command::before { content: "$ "; color: var(--quiet); }
table { width: 100%; border-collapse: collapse; margin: .75rem 0 1.25rem; font-size: .93rem; }
time { white-space: nowrap; }
.whole { display: inline-block; max-width: 100%; }
.two { white-space: normal; }
.two span { display: inline-block; white-space: nowrap; }
caption { text-align: left; color: var(--quiet); padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line);
  min-width: 4.5rem; }
th { font-weight: 600; }
tbody th { min-width: 10.6rem; }
thead th { color: var(--quiet); border-top: 0; font-weight: 400; }
thead th, .words, .none { overflow-wrap: normal; min-width: 0; }
.long { min-width: 9rem; }
tr { break-inside: avoid; }
.below { display: block; color: var(--quiet); font-size: .92em; font-weight: 400; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: .5rem 0; padding: 0; }
.counts > li { border: 1px solid var(--line); border-radius: .4rem; padding: .35rem .7rem; min-width: 8rem; }
.counts strong { font-size: 1.15rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .5rem; }
@media screen and (max-width: 48rem) {
  dl, .items > li { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .4rem; }
  thead { position: absolute; left: -99rem; }
  table, tbody, tr, caption, tbody th, tbody td { display: block; }
  tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  tbody th, tbody td, tbody .long { border: 0; padding: .1rem 0; min-width: 0; }
  tbody td { display: grid; grid-template-columns: 7.5rem 1fr; gap: 0 .75rem; }
  tbody td.none { display: none; }
  tbody td::before { content: attr(data-head); color: var(--quiet); }
  tbody td > * { grid-column: 2; } }
@media print {
  :root { --text: #000; --quiet: #444; --page: #fff; --card: #f3f3f3; --line: #bbb; --good: #050; --fail: #a00;
    --warn: #640; --ask: #426; --wait: #036; --act: #036; --gate: #640; --deadline: #a00; --done: #555; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  nav, .skip { display: none; }
  h2, caption { break-after: avoid; }
  .timeline { min-width: 0; } }
"""
