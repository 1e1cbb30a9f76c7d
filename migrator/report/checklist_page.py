"""The page of a checklist: one HTML file with its style in it, without script, for screens, paper and the dark."""

PAGE = """\
{%- macro head(result, tag, mark="") -%}
<{{ tag }} class="head"><span class="status">{{ result.word }}</span>
<span{{ mark }}>{{ result.summary }} <code>{{ result.id }}</code></span></{{ tag }}>
{%- endmacro -%}
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ title }}</title>
<style>
:root { --text: #1b1f24; --quiet: #57606a; --page: #fff; --card: #f6f8fa; --line: #d0d7de;
  --fail: #b42318; --unchecked: #7a4d00; --warn: #7a4d00; --pass: #176b34; --skip: #57606a; --notice: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --quiet: #9da7b3; --page: #0d1117; --card: #161b22; --line: #30363d;
    --fail: #ff8a80; --unchecked: #f0b429; --warn: #f0b429; --pass: #56d364; --skip: #9da7b3;
    --notice: #9da7b3; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 60rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
p { margin: .25rem 0; }
time, .whole { display: inline-block; max-width: 100%; }
code, .command { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .85em; }
.quiet { color: var(--quiet); }
.verdict { margin: 1rem 0; padding: .75rem 1rem; border-left: .4rem solid var(--mark); background: var(--card);
  font-weight: 600; }
.meaning { font-weight: 400; }
.go, .pass { --mark: var(--pass); }
.no-go, .fail { --mark: var(--fail); }
.incomplete, .unchecked { --mark: var(--unchecked); }
.warn { --mark: var(--warn); }
.notice { --mark: var(--notice); }
.not-needed { --mark: var(--skip); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: .5rem 0; }
a { color: inherit; }
article, .row { border-top: 1px solid var(--line); padding: .55rem 0; break-inside: avoid; }
.head { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0 1rem; align-items: baseline; margin: 0;
  font-size: 1rem; font-weight: 400; line-height: 1.5; }
article .head { font-weight: 600; }
.status { color: var(--mark); font-weight: 600; }
.head code { color: var(--quiet); font-weight: 400; }
.body { margin-left: 7.5rem; }
.point { border-left: .2rem solid var(--mark); padding: .1rem 0 .1rem .75rem; margin: .6rem 0; }
.point .subject { font-weight: 600; }
.remedy::before { content: "To mend: "; font-weight: 600; }
.evidence { margin: .3rem 0 0; padding: 0 0 0 1rem; color: var(--quiet); font-size: .85rem; }
.command { display: block; margin: .35rem 0; padding: .4rem .6rem; background: var(--card); border-radius: .3rem;
  white-space: pre-wrap; }
.command::before { content: "$ "; color: var(--quiet); }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary .more::after { content: " +"; color: var(--quiet); }
details[open] summary .more::after { content: " \\2212"; }
summary:focus-visible { outline: .15rem solid var(--mark); outline-offset: .15rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .5rem; }
@media (max-width: 36rem) {
  .head { grid-template-columns: 1fr; }
  .body { margin-left: 0; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .4rem; } }
@media print {
  :root { --text: #000; --quiet: #444; --page: #fff; --card: #f3f3f3; --line: #bbb;
    --fail: #a00; --unchecked: #640; --warn: #640; --pass: #050; --skip: #444; --notice: #444; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; } }
</style>
</head>
<body>
<header>
<h1>{{ title }}</h1>
<p class="quiet">Seen <time datetime="{{ at }}">{{ at }}</time></p>
<p class="verdict {{ verdict }}">{{ last_line|whole }}<br><span class="meaning">{{ meaning|prose }}</span></p>
<dl>
{%- for name, what in sides %}
<dt>{{ name }}</dt><dd>{{ what|whole }}</dd>
{%- endfor %}
<dt>result</dt><dd>{{ counts }}</dd>
</dl>
</header>
<main>
{%- for section in sections %}
<section aria-labelledby="{{ section.id }}">
<h2 id="{{ section.id }}">{{ section.title }}</h2>
{%- for result in section.results %}
<article id="{{ result.id }}" class="{{ result.status }}">
{{ head(result, "h3") }}
<div class="body">
{%- for point in result.opened %}
<div class="point {{ point.status }}">{{ body(point) }}</div>
{%- endfor %}
</div>
</article>
{%- endfor %}
</section>
{%- endfor %}
<section aria-labelledby="all">
<h2 id="all">All checks</h2>
<nav aria-label="Areas"><ul>
{%- for area in areas %}
<li><a href="#area-{{ area.id }}">{{ area.title }}</a> <span class="quiet">{{ area.worst }}</span></li>
{%- endfor %}
</ul></nav>
{%- for area in areas %}
<h3 id="area-{{ area.id }}">{{ area.title }}</h3>
{%- for result in area.results %}
{%- if result.is_above %}
<div class="row {{ result.status }}"><p class="head"><span class="status">{{ result.word }}</span>
<a href="#{{ result.id }}">{{ result.summary }}</a></p></div>
{%- elif result.passed or result.opened %}
<details class="row {{ result.status }}"><summary>{{ head(result, "p", ' class="more"'|safe) }}</summary>
<div class="body">
{%- for point in result.opened + result.passed %}
<div class="point {{ point.status }}">{{ body(point) }}</div>
{%- endfor %}
{%- if result.more %}
<p class="quiet">and {{ result.more }} more</p>
{%- endif %}
</div></details>
{%- else %}
<div class="row {{ result.status }}">{{ head(result, "p") }}
<div class="body quiet">{{ result.reason|prose }}</div></div>
{%- endif %}
{%- endfor %}
{%- endfor %}
</section>
</main>
<footer class="quiet">dns-migrator check: phase {{ phase }}, DNSSEC strategy {{ strategy }}.</footer>
</body>
</html>
"""

POINT = """\
<p><span class="subject">{{ point.subject|whole }}</span> {{ point.message|whole }}</p>
{%- if point.not_before %}
<p>Not before <time datetime="{{ point.not_before }}">{{ point.not_before }}</time></p>
{%- endif %}
{%- if point.remedy %}
<p class="remedy">{{ point.remedy|prose }}</p>
{%- endif %}
{%- if point.evidence %}
<ul class="evidence">
{%- for line in point.evidence %}
<li>{{ line|whole }}</li>
{%- endfor %}
</ul>
{%- endif %}
{%- if point.command %}
<code class="command">{{ point.command|whole }}</code>
{%- endif %}
"""
