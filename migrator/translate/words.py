"""Every word that a loss can have: how near the translation comes, how grave it is, and what to do. No IO here.

The words are stable: `--accept` takes those of severity error, and scripts may rely on all of them. Severity error
is for what users, mail or visitors would notice, so that a person must decide before the first write; a warning
changes little or nothing today; a notice is for the record. `docs/translation.md` shows this table.
"""

from migrator.model.finding import Severity
from migrator.model.loss import Exactness
from migrator.model.values import dataclass

_EXACT, _NEAR, _NONE = Exactness.EXACT, Exactness.APPROXIMATED, Exactness.IMPOSSIBLE
_ERROR, _WARNING, _NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE


@dataclass(frozen=True, slots=True)
class Word:
    """One kind of loss: `meaning` says what is done when it is accepted, `advice` what to do by hand."""

    what: str
    exactness: Exactness
    severity: Severity
    meaning: str
    advice: str


# Aliases, and the CNAME at the apex.

ALIAS_REWRITTEN = Word(
    "alias-rewritten",
    _EXACT,
    _NOTICE,
    "An alias to a set of the zone, or to a service of the target, becomes the target's own kind of alias.",
    "Nothing is to be done.",
)
ALIAS_ELSEWHERE = Word(
    "alias-elsewhere",
    _EXACT,
    _NOTICE,
    "An alias leads to a resource of another subscription or account than the target's.",
    "Look whether the credentials of the target may read the resource, without which the provider refuses the "
    "alias; it breaks when the resource goes with the old account. --accept alias-dropped leaves it out.",
)
ALIAS_AS_CNAME = Word(
    "alias-as-cname",
    _NEAR,
    _NOTICE,
    "An alias below the apex becomes a CNAME to its target.",
    "Nothing is to be done; resolvers follow the CNAME.",
)
ALIAS_FLATTENED = Word(
    "alias-flattened",
    _NEAR,
    _WARNING,
    "An alias at the apex becomes a CNAME that the target provider answers as addresses.",
    "Visitors may get addresses near the provider instead of near themselves; compare answers after the import.",
)
ALIAS_COPIED = Word(
    "alias-copied",
    _NEAR,
    _WARNING,
    "An alias to a set of the same zone becomes a copy of that set's records.",
    "The link is cut: change both sets from now on.",
)
ALIAS_ADDRESSES = Word(
    "alias-addresses",
    _NEAR,
    _ERROR,
    "An alias becomes the addresses that it answers now.",
    "The addresses of such services change without a word: look at them often, or move the name to a service with "
    "fixed addresses. To leave the alias out instead: --accept alias-dropped.",
)
ALIAS_DROPPED = Word(
    "alias-dropped",
    _NONE,
    _ERROR,
    "An alias is left out, and its name does not answer.",
    "Give the name an address that stays (a reserved address, a reverse proxy), or move it below the apex where a "
    "CNAME can stand.",
)
TARGET_HEALTH_LOST = Word(
    "target-health-lost",
    _NEAR,
    _WARNING,
    "An alias no longer looks at the health of its target.",
    "Watch the target with a monitoring service of your own.",
)
CNAME_FOR_MAIL = Word(
    "cname-for-mail",
    _NEAR,
    _WARNING,
    "A name that MX, NS or SRV records point to becomes a CNAME, which RFC 2181 section 10.3 forbids.",
    "Point those records to the CNAME's target, or give the name addresses.",
)
APEX_CNAME_AS_ALIAS = Word(
    "apex-cname-as-alias",
    _EXACT,
    _NOTICE,
    "A CNAME at the apex becomes an alias of the target provider.",
    "Nothing is to be done.",
)
APEX_CNAME_COPIED = Word(
    "apex-cname-copied",
    _NEAR,
    _WARNING,
    "A CNAME from the apex to a name of the same zone becomes a copy of that name's addresses.",
    "The link is cut: change both sets from now on.",
)
APEX_CNAME_ADDRESSES = Word(
    "apex-cname-addresses",
    _NEAR,
    _ERROR,
    "A CNAME at the apex becomes the addresses that its target answers now.",
    "The addresses of such services change without a word: ask the service for fixed addresses of an apex. To "
    "leave the apex without addresses instead: --accept apex-cname-dropped.",
)
APEX_CNAME_DROPPED = Word(
    "apex-cname-dropped",
    _NONE,
    _ERROR,
    "A CNAME at the apex is left out, and the apex does not answer.",
    "Ask the service behind it for fixed addresses of an apex.",
)

# Routing and health.

ROUTING_SINGLE = Word(
    "routing-single",
    _EXACT,
    _NOTICE,
    "A routed name that always gave one answer becomes an ordinary set.",
    "Nothing is to be done.",
)
WEIGHTS_MERGED = Word(
    "weights-merged",
    _NEAR,
    _ERROR,
    "Weighted sets become one set with all their records, those of weight 0 left out: the shares are lost.",
    "Use the target provider's traffic manager or load balancer to keep the shares, or --accept routing-only=ID "
    "to keep the one set with that identifier.",
)
WEIGHTS_HEAVIEST = Word(
    "weights-heaviest",
    _NEAR,
    _ERROR,
    "Of weighted sets that cannot stand together (CNAMEs, aliases) the one with the greatest weight is kept.",
    "Use the target provider's traffic manager or load balancer to keep the shares, or --accept routing-only=ID "
    "to keep another set.",
)
STANDBY_LOST = Word(
    "standby-lost",
    _NEAR,
    _ERROR,
    "Of failover sets the primary is kept, of weighted ones with health checks the one whose weight is not 0; "
    "when it fails, nothing takes its place.",
    "Use the target provider's load balancer or traffic manager, or keep a plan to change the record by hand.",
)
MULTIVALUE_MERGED = Word(
    "multivalue-merged",
    _NEAR,
    _WARNING,
    "Multi-value answers become one set with all their records, always answered together.",
    "Nothing is to be done where all addresses serve; programs try the next one.",
)
LATENCY_MERGED = Word(
    "latency-merged",
    _NEAR,
    _ERROR,
    "Sets chosen by latency become one set with all their records: clients may be sent far away.",
    "Use the target provider's traffic manager or load balancer, or --accept routing-only=ID to keep the one set "
    "with that identifier.",
)
GEO_DEFAULT_ONLY = Word(
    "geo-default-only",
    _NEAR,
    _ERROR,
    "Of sets chosen by where the client is, the default is kept for everybody.",
    "Use the target provider's traffic manager or load balancer, or --accept routing-only=ID to keep the one set "
    "with that identifier.",
)
ROUTING_ONLY = Word(
    "routing-only",
    _NEAR,
    _ERROR,
    "`--accept routing-only=ID`: of routed sets, the one with the set identifier ID is kept for everybody.",
    "Use the target provider's traffic manager or load balancer to keep the others.",
)
ROUTING_DROPPED = Word(
    "routing-dropped",
    _NONE,
    _ERROR,
    "Routed sets of which none is for everybody are left out, and their name does not answer.",
    "Choose the set to keep with --accept routing-only=ID; it may be given several times.",
)
TRAFFIC_POLICY = Word(
    "traffic-policy-snapshot",
    _NEAR,
    _ERROR,
    "Sets that a traffic policy made stay as they are now; the policy does not come along.",
    "Build the policy again at the target provider, or make it again from the policy document.",
)
HEALTH_CHECK_LOST = Word(
    "health-check-lost",
    _NEAR,
    _ERROR,
    "A set is answered whether its health check passes or not.",
    "Use the target provider's load balancer or traffic manager, or watch the servers with a service of your own.",
)
IDENTIFIER_REWRITTEN = Word(
    "identifier-rewritten",
    _EXACT,
    _NOTICE,
    "A health check or client network of the old account becomes the one of the new account.",
    "Nothing is to be done.",
)

# Proxies, and what belongs to other products.

ORIGIN_EXPOSED = Word(
    "origin-exposed",
    _NEAR,
    _ERROR,
    "A proxied record becomes an ordinary one: everybody sees the origin, and cache, firewall and certificate of "
    "the proxy are gone.",
    "Make the origin serve TLS and stand traffic by itself first, or change its address; or keep the proxy by a "
    "partial zone of its provider.",
)
PLACEHOLDER = Word(
    "originless-placeholder",
    _NONE,
    _ERROR,
    "A proxied record that leads nowhere by itself (192.0.2.1, a tunnel of the proxy) stands for something the "
    "proxy serves; it is left out.",
    "Move what the proxy serves there (a redirect, a program, a bucket, a host behind a tunnel) first, and give "
    "the name its new address.",
)
MANAGED = Word(
    "managed-record",
    _NONE,
    _ERROR,
    "A record that another product of the source provider owns is left out.",
    "Set up what replaces the product (mail forwarding, a custom domain) and add the records it asks for.",
)
# Said by the plan: no record of the source speaks of it.
BALANCER_LOST = Word(
    "balancer-lost",
    _NONE,
    _ERROR,
    "A load balancer of the source provider does not come along; what records there are under its name are "
    "answered instead.",
    "Before the switch, give the name addresses, or a load balancer of the target provider's.",
)
# Said by the plan, which alone knows what the target has already.
TARGET_OWNED = Word(
    "target-owned",
    _NONE,
    _ERROR,
    "A set of the source is left out where the target has one that another product owns, or that has settings "
    "which are not understood: that one is never touched.",
    "Switch off the product of the target provider that owns the set, or remove the set there, and import again.",
)
REPLACEMENT_TOO_LARGE = Word(
    "replacement-too-large",
    _NONE,
    _ERROR,
    "A set of the source is left out where the target has another one in its place, and one request of the target "
    "provider takes no set as large as both: the one that is there stays.",
    "Import the set with few of its records first, and then as a whole. Or remove it at the target and import "
    "again: in between the name has no such records.",
)
FLATTENING_LOST = Word(
    "flattening-lost",
    _NEAR,
    _WARNING,
    "A CNAME that was answered as addresses is answered as a CNAME.",
    "Nothing is to be done, unless a program cannot follow CNAMEs.",
)
FLATTENED_ANYWAY = Word(
    "flattened-anyway",
    _EXACT,
    _NOTICE,
    "That a CNAME is answered as addresses is left out where the target provider does so anyway.",
    "Nothing is to be done.",
)
PROXY_UNMEANT = Word(
    "proxy-unmeant",
    _EXACT,
    _NOTICE,
    "That a record is proxied is left out where it is no address and no CNAME: nothing else can be.",
    "Nothing is to be done.",
)

# Types, names and forms.

TYPE_UNSUPPORTED = Word(
    "type-unsupported",
    _NONE,
    _ERROR,
    "Records of a type that the target provider does not have are left out.",
    "Choose another target for the zone, or delegate the name elsewhere, if something relies on the records.",
)
DNSSEC_RECORDS = Word(
    "dnssec-records",
    _NONE,
    _WARNING,
    "Signatures and keys of the source's own signing are left out: keys cannot be taken along.",
    "Before the switch, remove the DS at the registrar and wait out its TTL; sign again at the target afterwards.",
)
SPF_AS_TXT = Word(
    "spf-as-txt",
    _NEAR,
    _WARNING,
    "Records of the retired type SPF become TXT.",
    "Nothing is to be done; RFC 7208 section 3.1 knows TXT only.",
)
SPF_DROPPED = Word(
    "spf-dropped",
    _NONE,
    _WARNING,
    "Records of the retired type SPF are left out where the TXT set says the same, or has another policy.",
    "Nothing is to be done; receivers read the policy of the TXT set (RFC 7208 section 3.1).",
)
UNREADABLE = Word(
    "unreadable-set",
    _NONE,
    _ERROR,
    "A set that could not be read is left out.",
    "Look at the set with the source provider's own tools and add it by hand; the backup has it as it came.",
)
RDATA_UNREADABLE = Word(
    "rdata-unreadable",
    _NONE,
    _ERROR,
    "Records that could not be read, or whose octets do not make up rdata of their type, are left out.",
    "Look at what the records were meant to be, and add them by hand; the backup has them as they came.",
)
UNKNOWN_FIELD = Word(
    "unknown-field",
    _NEAR,
    _ERROR,
    "A setting of the source provider that this program cannot translate is left out.",
    "Look at what the setting does; the backup has it as it came.",
)
OUTSIDE = Word(
    "outside-the-zone",
    _NONE,
    _WARNING,
    "Records whose owner lies outside the zone are left out: no server answered them.",
    "If they are meant for another zone, add them there.",
)
NAME_UNSUPPORTED = Word(
    "name-unsupported",
    _NONE,
    _ERROR,
    "Sets whose owner has characters that the target provider refuses are left out.",
    "Give what uses the name another name.",
)
NULL_MX = Word(
    "null-mx",
    _NONE,
    _ERROR,
    "The MX record which says that a domain takes no mail is left out.",
    "Publish an SPF record of v=spf1 -all and a DMARC policy of reject; mail to the domain will be tried at its "
    "addresses.",
)
EMPTY_TEXT = Word(
    "empty-text",
    _NONE,
    _WARNING,
    "TXT records without any text are left out.",
    "Nothing is to be done.",
)
EMPTY_SET = Word(
    "empty-set",
    _NONE,
    _NOTICE,
    "Sets without records are left out: they answered nothing.",
    "Nothing is to be done.",
)
TEXT_TOO_LONG = Word(
    "text-too-long",
    _NONE,
    _ERROR,
    "TXT records that are longer than the target provider takes are left out.",
    "Shorten the text (a DKIM key of 2048 bits, fewer verifications at one name).",
)
TEXT_RECHUNKED = Word(
    "text-rechunked",
    _EXACT,
    _NOTICE,
    "A text is cut into strings at other places; programs join them before they read.",
    "Nothing is to be done.",
)
BINARY_TEXT = Word(
    "binary-text",
    _NONE,
    _ERROR,
    "TXT records with octets that are no UTF-8 are left out.",
    "Ask whoever uses the record for a form in ASCII.",
)
VALUE_TOO_LONG = Word(
    "value-too-long",
    _NONE,
    _ERROR,
    "Records that are longer than the target provider takes are left out.",
    "Shorten the record.",
)
SET_TOO_LARGE = Word(
    "set-too-large",
    _NONE,
    _ERROR,
    "Sets with more records, or more characters in them, than the target provider takes are left out.",
    "Ask the target provider for a higher limit, or have fewer records in the set.",
)
ZONE_TOO_LARGE = Word(
    "zone-too-large",
    _NONE,
    _ERROR,
    "The zone has more than the target provider takes; with this word the import tries all the same.",
    "Ask the target provider for a higher quota or another plan.",
)

# What stands beside what.

SEVERAL_CNAMES = Word(
    "several-cnames",
    _NEAR,
    _ERROR,
    "Of several CNAMEs at one name the first is kept.",
    "Remove all but one at the source: servers refuse such a zone.",
)
CNAME_CONFLICT = Word(
    "cname-conflict",
    _NONE,
    _ERROR,
    "Records beside a CNAME are left out.",
    "Give them a name of their own, or replace the CNAME by addresses at the source.",
)
NS_CONFLICT = Word(
    "ns-conflict",
    _NONE,
    _ERROR,
    "Records beside the NS of a sub-zone are left out.",
    "Move the name servers of the sub-zone to names of their own, if the records are their addresses.",
)
WILDCARD_NS = Word(
    "wildcard-ns",
    _NONE,
    _ERROR,
    "NS records at a wildcard are left out.",
    "Delegate the names one by one.",
)
DS_WITHOUT_NS = Word(
    "ds-without-ns",
    _NONE,
    _WARNING,
    "DS records where no sub-zone is delegated are left out: nothing reads them.",
    "Nothing is to be done; a DS for the zone itself belongs to its registrar.",
)
SOA_BELOW_APEX = Word(
    "soa-below-apex",
    _NONE,
    _WARNING,
    "An SOA record below the apex is left out: no server loads it.",
    "Nothing is to be done.",
)

# TTLs, notes, the apex.

AUTOMATIC_TTL = Word(
    "automatic-ttl",
    _NEAR,
    _NOTICE,
    "A TTL that the source provider chose becomes that number of seconds.",
    "Nothing is to be done.",
)
PROXIED_TTL = Word(
    "proxied-ttl",
    _NEAR,
    _NOTICE,
    "The TTL of a proxied record becomes the target provider's own choice.",
    "Nothing is to be done: what the proxy answers has that TTL, whatever a record says.",
)
RECORD_TTLS = Word(
    "record-ttls",
    _NEAR,
    _NOTICE,
    "Records of one set with several TTLs all get the smallest.",
    "Nothing is to be done; RFC 2181 section 5.2 asks for one TTL.",
)
TTL_RAISED = Word(
    "ttl-raised",
    _NEAR,
    _WARNING,
    "A TTL below what the target provider takes is raised.",
    "Later changes of the set reach users that much later.",
)
TTL_LOWERED = Word(
    "ttl-lowered",
    _NEAR,
    _NOTICE,
    "A TTL above what the target provider takes is lowered.",
    "Nothing is to be done.",
)
NOTES_CONVERTED = Word(
    "notes-converted",
    _NEAR,
    _NOTICE,
    "Comments, tags or metadata take the form that the target provider has for them.",
    "Nothing is to be done; the backup has them as they were.",
)
NOTES_LOST = Word(
    "notes-lost",
    _NONE,
    _NOTICE,
    "Comments, tags or metadata are left out.",
    "Nothing is to be done; the backup has them as they were.",
)
SOA_VALUES = Word(
    "soa-values",
    _NEAR,
    _NOTICE,
    "Timers or contact of the SOA are the target provider's own, or the nearest that it takes.",
    "Nothing is to be done, unless answers that a name does not exist must be kept for another time.",
)
EXTRA_NAME_SERVERS = Word(
    "extra-name-servers",
    _NONE,
    _WARNING,
    "Name servers of another provider in the NS set of the apex are left out.",
    "Switch on the target provider's setting for several providers, and name them there.",
)
OWN_NAME_SERVERS = Word(
    "own-name-servers",
    _NONE,
    _WARNING,
    "The apex NS set named servers that the source provider had not assigned; the target's own stand there.",
    "If they are name servers of your own name, give those names the addresses of the target's name servers.",
)
OWN_ADDRESSES = Word(
    "own-addresses",
    _NEAR,
    _WARNING,
    "A name server that keeps its name keeps the addresses that it has at the target.",
    "At the switch, have the registrar give them to its host record. Where the source's are meant, delete the "
    "target's and import again.",
)
EXTRA_LOST = Word(
    "extra-lost",
    _NEAR,
    _ERROR,
    "A feature of the source provider that the target does not have is left out.",
    "Look at what the feature does for the name.",
)

WORDS: tuple[Word, ...] = tuple(found for found in list(globals().values()) if isinstance(found, Word))
BY_WHAT = {word.what: word for word in WORDS}


def is_acceptable(what: str) -> bool:
    """Tell whether `--accept` takes the word: one of severity error, `routing-only` with an identifier."""
    name, _, parameter = what.partition("=")
    word = BY_WHAT.get(name)
    return word is not None and word.severity is Severity.ERROR and bool(parameter) == (word is ROUTING_ONLY)
