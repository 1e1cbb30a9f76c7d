"""Names that zones often have, as they are known from vendors' documentation and public lists. Data; no IO here.

DKIM selectors are the ones that vendors set up by themselves (documentation of each, 2025-12;
EvotecIT/DomainDetective, T13nn3s/Invoke-SpfDkimDmarc). Vendors that draw random ones (Amazon SES) cannot be
guessed.
"""

from collections.abc import Iterator
from datetime import date

HOSTS = """
www mail smtp imap pop pop3 webmail autodiscover autoconfig mta-sts mx mx1 mx2 relay ftp sftp cpanel whm api app
admin portal login sso auth id vpn remote gateway git gitlab jenkins ci dev staging stage test demo beta cdn
static assets img images media files download shop store blog news docs wiki help support status m mobile go link
click track em email bounce bounces send info pages web www2 ns ns1 ns2 ns3 dns dns1 dns2 cloud intranet extranet
crm erp db sql backup monitor grafana chat meet conference calendar lists forum analytics stats secure owa
exchange lync sip lyncdiscover enterpriseregistration enterpriseenrollment msoid home dyn
""".split()

# Names with an underscore, and the type that stands there.
_TEXTS = """
_dmarc _mta-sts _smtp._tls default._bimi _domainkey _adsp._domainkey _acme-challenge _acme-challenge.www
_acme-challenge.mail _gitlab-pages-verification-code _atproto _psl _amazonses _dnsauth _dnsauth.www _spf spf
_report._dmarc _netblocks _slack-challenge _webflow _domainconnect
""".split()
_SERVICES = """
_autodiscover._tcp _imap._tcp _imaps._tcp _pop3._tcp _pop3s._tcp _submission._tcp _submissions._tcp _sip._tcp
_sip._udp _sip._tls _sips._tcp _sipfederationtls._tcp _sipinternaltls._tcp _xmpp-client._tcp _xmpp-server._tcp
_caldav._tcp _caldavs._tcp _carddav._tcp _carddavs._tcp _ldap._tcp _kerberos._udp _kerberos._tcp _kpasswd._udp
_matrix._tcp _matrix-fed._tcp _minecraft._tcp _h323cs._tcp _h323ls._udp _stun._udp _turn._udp _jabber._tcp
_ntp._udp _vlmcs._tcp
""".split()
_CERTIFICATES = """
_443._tcp _443._tcp.www _25._tcp _25._tcp.mail _25._tcp.mx _465._tcp.mail _587._tcp.mail
""".split()
UNDERSCORED = {"TXT": _TEXTS, "SRV": _SERVICES, "TLSA": _CERTIFICATES}

_SELECTORS = """
google selector1 selector2 protonmail protonmail2 protonmail3 fm1 fm2 fm3 mesmtp sig1 zmail zoho zohomail yandex
hostingermail1 hostingermail2 hostingermail-a hostingermail-b hostingermail-c s1-ionos s2-ionos secureserver1
secureserver2 rackspace mailtrust s1 s2 plesk dkim02 dkim03 dkimprovmx1 dkimprovmx2 cf2024-1 mbo0001 mbo0002
mbo0003 mbo0004 key1 key2 key3 gm1 gm2 gm3 k1 k2 k3 mandrill mte1 mte2 smtpapi m1 amazonses ses mx mailo pic krs
pdk1 pdk2 mg mailgun pm sparkpost mailjet mj1 brevo1 brevo2 sib sendinblue kl kl2 km1 km2 kt1 kt2 ks1 ks2 hs1 hs2
acdkim1 acdkim2 dk ctct1 ctct2 cm aweber_key_a aweber_key_b aweber_key_c litesrv cka ck e2ma-k1 e2ma-k2 e2ma-k3
sailthru sf sf1 sf2 sfdc 200608 pardot sfmc exacttarget mkto zendesk1 zendesk2 strong1 strong2 intercom gor gor2
fd fwdkim1 resend api mailpoet1 mailpoet2 everlytickey1 everlytickey2 eversrv mxvault mc1 mc2 mc3 proofpoint pp
pp1 pphosted ces iport barracuda sophos messagelabs default dkim dkim1 dkim2 mail mail1 email smtp mx1 mta key
selector sel1 s s1024 s2048 s384 s768 k v1 dk1 x main prod test postfix opendkim rsa ed25519 20161025 20210112
20221208 20230601
""".split()
_FIRST_YEAR = 2019


def selectors(today: date, domain_label: str) -> Iterator[str]:
    """Yield DKIM selectors, those with a year up to today's, and those that are made of the domain's own name."""
    yield from _SELECTORS
    for year in range(_FIRST_YEAR, today.year + 1):
        yield str(year)
        yield f"mail{year}"
        for month in range(1, 13):
            if (year, month) <= (today.year, today.month):
                yield f"{year}{month:02}"
    yield domain_label
    yield f"{domain_label}-dkim"
