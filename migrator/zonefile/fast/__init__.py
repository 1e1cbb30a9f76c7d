r"""The fast engine behind the reader: the ordinary lines of a zone file, many at once. No IO here.

The exact reader cuts a line into tokens, makes names and rdata of them and judges each: some twenty microseconds
and three objects a record. Nearly all lines of a zone are of a few plain forms whose judgement is known: nothing
to say. This package takes those, and leaves every other line, in its place, to the exact reader.

    text --cutting--> (owner, TTL/class/type, rdata)  --headers, forms--> canonical text by owner --> CompactZone
                  \-> anything else: a `Line`, which the exact reader takes as if it had cut it itself

* One regular expression cuts half a megabyte at a time into lines and their fields (`cutting`).
* The middle of a line, TTL, class and type, has few spellings in a file: the exact reader's own judgement of each
  is remembered (`headers`).
* Short exact paths check the rdata of common types and bring it to canonical form (`forms`): addresses in the one
  form of their family, names absolute, strings in quotes, in one spelling and with one blank between them.
* Records are collected by owner; an owner's text is what a `CompactZone` keeps (`harvest`), and what RRsets are
  made of when somebody asks (`building`), by the exact reader's own paths.

A small file of which every line is so, its apex too, is read at once, without the exact reader (`opening`,
`ordinary`).

Where two files are compared, not even that is done: whole blocks, all lines of an owner, are taken by an
expression that knows the usual ones (`blocks`), section by section (`turns`), most of a large file by another
process (`rest`). Where the new file is mostly the same text, it is read over the old one, and what both
have is passed over (`over`, `passages`); else both are read by blocks, and a number for each block tells which
differ (`apart`, `rows`).

What makes it safe is what is not taken. A line goes to the exact reader whenever it could make a finding or change
how other lines are read: directives, the apex and its SOA, escapes in names, comments of the dialects, TTLs out of
range, names that look as if a dot were missing, types without a path here. So does the whole block of an owner
with one such line, or with a defect that shows only in company (duplicates, mixed TTLs, a CNAME beside other
data). Where such a defect is seen only when the block is long gone, or the zone turns out to be another than was
thought, the file is read again with those owners, or all, left to the exact reader (`engine`).
"""

from migrator.zonefile.fast.compact import CompactReading, assemble_reading, read_compactly

__all__ = ["CompactReading", "assemble_reading", "read_compactly"]
