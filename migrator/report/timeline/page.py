"""The page of a plan: one HTML file with its style in it, without script, for screens, paper and the dark."""

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ title }}</title>
<style>
:root { --text: #1b1f24; --quiet: #57606a; --page: #fff; --card: #f6f8fa; --line: #d0d7de; --safe: #176b34;
  --early: #b42318; --open: #7a4d00; --act: #0b57b0; --gate: #7a4d00; --deadline: #b42318; --done: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --quiet: #9da7b3; --page: #0d1117; --card: #161b22; --line: #30363d; --safe: #56d364;
    --early: #ff8a80; --open: #f0b429; --act: #79b8ff; --gate: #f0b429; --deadline: #ff8a80; --done: #9da7b3; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 62rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0; }
time, .whole { display: inline-block; max-width: 100%; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .85em; }
.quiet { color: var(--quiet); }
.verdict { margin: 1rem 0; padding: .75rem 1rem; border-left: .4rem solid var(--mark); background: var(--card);
  font-weight: 600; }
.safe { --mark: var(--safe); } .too-early { --mark: var(--early); } .incomplete { --mark: var(--open); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
figure { margin: 1rem 0; overflow-x: auto; }
.timeline { display: block; width: 100%; min-width: 40rem; height: auto; }
.timeline text { paint-order: stroke; stroke: var(--page); stroke-width: 5px;
  font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--text); }
.timeline .date, .timeline .nowtext { fill: var(--quiet); }
.timeline .tick { stroke: var(--line); }
.timeline .now { stroke: var(--quiet); stroke-dasharray: 4 3; }
.timeline .act { fill: var(--act); } .timeline .gate { fill: var(--gate); }
.timeline .deadline { fill: var(--deadline); } .timeline .done { fill: var(--done); }
.timeline .bar { opacity: .45; } .timeline .margin { fill: var(--quiet); opacity: .5; }
ol.steps { list-style: none; margin: 0; padding: 0; }
ol.steps > li { display: grid; grid-template-columns: 16rem 1fr; gap: 0 1rem; border-top: 1px solid var(--line);
  padding: .55rem 0; break-inside: avoid; }
.what { font-weight: 600; }
.word { display: inline-block; min-width: 3rem; color: var(--mark); }
.act { --mark: var(--act); } .gate { --mark: var(--gate); } .deadline { --mark: var(--deadline); }
.done { --mark: var(--done); }
.command { display: block; margin: .35rem 0; padding: .4rem .6rem; background: var(--card); border-radius: .3rem;
  white-space: pre-wrap; }
.command::before { content: "$ "; color: var(--quiet); }
.page { break-inside: avoid; }
@media (max-width: 36rem) {
  ol.steps > li, dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .4rem; } }
@media print {
  :root { --text: #000; --quiet: #444; --page: #fff; --card: #f3f3f3; --line: #bbb; --safe: #050; --early: #a00;
    --open: #640; --act: #036; --gate: #640; --deadline: #a00; --done: #555; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .timeline { min-width: 0; } }
</style>
</head>
<body>
<header>
<h1>{{ title }}</h1>
<p class="quiet">Measured {{ at|whole }}</p>
<p class="verdict {{ verdict }}">{{ verdict_line|prose }}</p>
<dl>
{%- for word, locator, names in sides %}
<dt>{{ word }}</dt><dd><code>{{ locator|whole }}</code> {{ names|whole }}</dd>
{%- endfor %}
<dt>DNSSEC</dt><dd>{{ strategy }}</dd>
</dl>
</header>
<main>
{%- if picture %}
<figure tabindex="0" aria-label="The timeline as a picture">{{ picture }}</figure>
{%- endif %}
<h2>Timeline</h2>
<ol class="steps">
{%- for step in steps %}
<li id="{{ step.id }}"><div><time datetime="{{ step.at }}">{{ step.at }}</time><br>
<time class="quiet">{{ step.local }}</time></div>
<div><p class="what"><span class="word {{ step.kind }} {{ step.state }}">{{ step.mark }}</span>
{{ step.title|prose }}</p>
{%- for line in step.lines %}
<p class="quiet">{{ line|prose }}</p>
{%- endfor %}</div></li>
{%- endfor %}
</ol>
{%- if open %}
<h2>Without an instant</h2>
<dl>
{%- for step in open %}
<dt>{{ step.title|prose }}</dt>
<dd>{{ step.reason|prose }}{% for each in step.unknown %} Not known: {{ each|prose }}.{% endfor %}</dd>
{%- endfor %}
</dl>
{%- endif %}
{%- if unneeded %}
<h2>Not needed</h2>
<ul>
{%- for step in unneeded %}
<li>{{ step.title|prose }}: <span class="quiet">{{ step.reason|prose }}</span></li>
{%- endfor %}
</ul>
{%- endif %}
<h2>Measured</h2>
<dl>
{%- for name, text in measures %}
<dt>{{ name }}</dt><dd>{{ text|whole }}</dd>
{%- endfor %}
</dl>
{%- if missing %}
<h2>Not measured</h2>
<ul>
{%- for each in missing %}
<li>{{ each|prose }}</li>
{%- endfor %}
</ul>
{%- endif %}
<h2>Runbook</h2>
{%- for entry in book %}
<section class="page">
<h3>{{ loop.index }}. {{ entry.title }}
{%- if entry.at %} <span class="quiet">from <time>{{ entry.at }}</time> on</span>{% endif %}</h3>
{%- for each in entry.says %}
<p>{{ each|prose }}</p>
{%- endfor %}
{%- for command in entry.commands %}
<code class="command">{{ command|whole }}</code>
{%- endfor %}
</section>
{%- endfor %}
</main>
</body>
</html>
"""
