"""Makes a hosted zone, once, however often it is asked for.

The caller reference is the same for each run that wants the same zone, so that Route 53 itself refuses a second
one: after an answer that was lost, and where two people run the same import at a time. A reference that belonged
to a zone which was deleted since is taken for good, and another is made.
"""

import hashlib
import uuid

from dns.name import Name

from migrator.errors import InputError
from providers.route53.discovery import HostedZone, Wanted, by_name, created, describe
from providers.route53.failures import RequestError
from providers.route53.names import encode
from providers.route53.service import Service

_TAKEN = "HostedZoneAlreadyExists"


def create_zone(service: Service, asked: Wanted, name: Name) -> HostedZone:
    """Make the hosted zone, public or private; raises InputError where a private one lacks its network."""
    settings = _settings(asked, name)
    reference = _reference(settings)
    try:
        return _created(service, settings, name, reference)
    except RequestError as exc:
        if exc.code != _TAKEN:
            raise
    return _created(service, settings, name, f"{reference}-{uuid.uuid4().hex[:16]}")


def check_private(asked: Wanted) -> None:
    """Raise InputError where a private zone that is not there could not be made for want of its network."""
    private = asked.private is True or asked.vpc is not None
    if private and None in {asked.vpc, asked.vpc_region}:
        zone = asked.locator.zone.to_text(omit_final_dot=True) if asked.locator.zone else ""
        raise InputError(
            f"{asked.locator.text}: there is no such private zone, and to make one Route 53 needs a network that "
            f"it answers to: 'route53:{zone}?private=true&vpc-id=vpc-0123...&vpc-region=eu-central-1'."
        )


def _settings(asked: Wanted, name: Name) -> dict[str, object]:
    check_private(asked)
    settings: dict[str, object] = {"Name": encode(name)}
    if asked.vpc is not None:
        settings["VPC"] = {"VPCRegion": asked.vpc_region, "VPCId": asked.vpc}
        settings["HostedZoneConfig"] = {"PrivateZone": True}
    return settings


def _reference(settings: dict[str, object]) -> str:
    """Return a reference of at most 128 characters that is equal for equal settings."""
    return f"dns-migrator-{hashlib.sha256(repr(settings).encode()).hexdigest()[:40]}"


def _created(service: Service, settings: dict[str, object], name: Name, reference: str) -> HostedZone:
    try:
        return created(service.tell("CreateHostedZone", {**settings, "CallerReference": reference}))
    except RequestError as exc:
        if exc.code != _TAKEN and not exc.in_doubt:
            raise
        for zone in by_name(service, name):
            if zone.caller_reference == reference:
                return describe(service, zone.identifier)
        raise
