"""The templates of the report: the parts that `serve` shows too, and the page around them, without script."""

PARTS = """\
{%- macro cell_body(cell) -%}
<span{% if cell.mark %} class="mark {{ cell.mark }}"{% endif %}>
{%- if cell.href %}<a href="{{ cell.href }}">{% endif -%}
{%- if cell.at %}<time class="two" datetime="{{ cell.at }}"><span>{{ cell.at[:10] }}</span>
<span>{{ cell.at[11:19] }} UTC</span></time>
{%- elif cell.is_code %}<code>{{ cell.text }}</code>{% else %}{{ cell.text }}{% endif -%}
{%- if cell.href %}</a>{% endif -%}
</span>
{%- for line in cell.lines %}<span class="below">{{ line }}</span>{% endfor -%}
{%- endmacro -%}
{%- macro table_of(table) -%}
<table role="table"><caption>{{ table.caption }}</caption>
<thead role="rowgroup"><tr role="row">
{%- for head in table.heads %}<th role="columnheader" scope="col">{{ head }}</th>{% endfor -%}
</tr></thead>
<tbody role="rowgroup">
{%- for row in table.rows %}
<tr role="row">
{%- for cell in row %}
{%- if loop.first %}<th role="rowheader" scope="row"
{%- if cell.id %} id="{{ cell.id }}"{% endif %}>{{ cell_body(cell) }}</th>
{%- else %}<td role="cell"{% if cell.text == "-" %} class="none"{% elif cell.is_of_words %} class="words"
{%- elif not cell.at %} class="long"{% endif %}
 data-head="{{ table.heads[loop.index0] }}">{{ cell_body(cell) }}</td>{% endif %}
{%- endfor %}</tr>
{%- endfor %}
</tbody></table>
{%- if table.more %}
<p class="quiet">{{ table.more }}</p>
{%- endif %}
{%- endmacro -%}
{%- macro item_of(item) -%}
<li class="{{ item.mark }}"><span class="mark">{{ item.word }}</span>
<div><h3>{{ item.title }}</h3>
{%- for line in item.lines %}
<p>{{ line }}</p>
{%- endfor %}
{%- for command in item.commands %}
<code class="command">{{ command }}</code>
{%- endfor %}
{%- if item.note %}
<p class="quiet">{{ item.note }}</p>
{%- endif %}</div></li>
{%- endmacro -%}
{%- macro section_of(section, picture="") -%}
<section aria-labelledby="{{ section.id }}">
<h2 id="{{ section.id }}">{{ section.title }}</h2>
{%- for line in section.says %}
<p>{{ line }}</p>
{%- endfor %}
{%- if section.things %}
<ul class="items">
{%- for item in section.things %}
{{ item_of(item) }}
{%- endfor %}
</ul>
{%- endif %}
{%- if picture %}
<figure tabindex="0" aria-label="The timeline as a picture">{{ picture }}</figure>
{%- endif %}
{%- for table in section.tables %}
{{ table_of(table) }}
{%- endfor %}
</section>
{%- endmacro -%}
"""

BODY = """\
<header>
<h1>{{ title }}</h1>
<p class="quiet">As of <time datetime="{{ at }}">{{ at }}</time></p>
<div class="verdict {{ mark }}"><p>{{ verdict }}</p><p>{{ deletion }}</p></div>
<dl>
{%- for name, what in facts %}
<dt>{{ name }}</dt><dd>{{ what }}</dd>
{%- endfor %}
</dl>
</header>
<nav aria-label="Sections"><ul>
{%- for section in sections %}
<li><a href="#{{ section.id }}">{{ section.title }}</a></li>
{%- endfor %}
</ul></nav>
{%- for section in sections %}
{{ section_of(section, picture if section.id == "stages" else "") }}
{%- endfor %}
<footer class="quiet"><p>{{ made_by }}</p></footer>
"""

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{{ title }}</title>
<style>
{{ style }}</style>
</head>
<body>
<main>
{{ body }}
</main>
</body>
</html>
"""
