"""The templates of the pages of `serve`, and what their style has more than the report's."""

SITE_STYLE = """\
.bar { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline;
  border-bottom: 1px solid var(--line); padding-bottom: .5rem; margin-bottom: 1.25rem; }
.bar p { margin: 0; }
.bar .grow { flex: 1 1 auto; max-width: none; }
form.filter { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: 1rem 0;
  padding: .75rem 1rem; background: var(--card); border: 0; }
.field { display: grid; gap: .15rem; flex: 1 1 9rem; min-width: 0; }
label { color: var(--quiet); font-size: .9rem; }
input, select, button { font: inherit; color: var(--text); background: var(--page); border: 1px solid var(--quiet);
  border-radius: .3rem; padding: .35rem .6rem; min-height: 2.4rem; max-width: 100%; min-width: 0; }
button { cursor: pointer; }
.act-button { background: var(--text); color: var(--page); border-color: var(--text); }
.pages { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; }
.said { min-height: 1.5rem; }
@media print { .filter, .bar { display: none; } }
"""

SITE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{{ title }} - dns-migrator</title>
<style nonce="{{ nonce }}">
{{ style }}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar"><p class="grow"><a href="/">dns-migrator: all moves</a></p>
{%- if script %}
<button type="button" id="pause" hidden>Pause updates</button>
<p><a href="">Look again</a></p>
{%- endif %}</header>
<main id="main" tabindex="-1">
{{ body }}
</main>
{%- if script %}
<p id="said" class="said quiet" role="status" aria-live="polite"></p>
<script nonce="{{ nonce }}">
{{ script }}</script>
{%- endif %}
</body>
</html>
"""

BOARD = """\
<h1>All moves</h1>
<p class="quiet" id="asof">As of <time datetime="{{ at }}">{{ at }}</time></p>
<search>
<form class="filter" method="get" action="/" role="search" aria-label="Filter the moves">
<div class="field"><label for="q">Domain or words</label>
<input id="q" name="q" type="search" value="{{ text }}" maxlength="255"></div>
<div class="field"><label for="status">Status</label>
<select id="status" name="status"><option value="">any</option>
{%- for name, number in statuses %}
<option value="{{ name }}"{% if name == status %} selected{% endif %}>{{ name }} ({{ number }})</option>
{%- endfor %}
</select></div>
<div class="field"><label for="stage">Stage</label>
<select id="stage" name="stage"><option value="">any</option>
{%- for name, number in stages %}
<option value="{{ name }}"{% if name == stage %} selected{% endif %}>{{ name }} ({{ number }})</option>
{%- endfor %}
</select></div>
{%- if fleets %}
<div class="field"><label for="fleet">Fleet</label>
<select id="fleet" name="fleet"><option value="">any</option>
{%- for name in fleets %}
<option value="{{ name }}"{% if name == fleet %} selected{% endif %}>{{ name }}</option>
{%- endfor %}
</select></div>
{%- endif %}
<button class="act-button">Filter</button>
{%- if is_filtered %}
<a href="/">Show all</a>
{%- endif %}
</form>
</search>
<div id="live" data-state="{{ state }}">
<p>{{ sentence }}</p>
{%- if table %}
{{ table }}
{%- else %}
<p>{% if is_filtered %}No move is like that.{% else %}No migration was begun with this database.{% endif %}</p>
{%- endif %}
{%- if pages > 1 %}
<nav class="pages" aria-label="Pages">
{%- if earlier %}<a href="{{ earlier }}" rel="prev">Earlier</a>{% endif %}
<span>Page {{ page }} of {{ pages }}, {{ matching }}</span>
{%- if later %} <a href="{{ later }}" rel="next">Later</a>{% endif %}
</nav>
{%- endif %}
</div>
"""

DOMAIN = """\
<div id="live" data-state="{{ state }}">
{{ body }}
</div>
"""

LOGIN = """\
<h1>Log in</h1>
{%- if is_wrong %}
<p class="mark fail" role="alert">That is not the token.</p>
{%- endif %}
<form class="filter" method="post" action="/login">
<div class="field"><label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required></div>
<button class="act-button">Log in</button>
</form>
"""

MESSAGE = """\
<h1>{{ title }}</h1>
<p>{{ text }}</p>
<p><a href="/">All moves</a></p>
"""
