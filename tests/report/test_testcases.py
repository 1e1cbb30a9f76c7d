"""JUnit XML of which no CI system leaves a case out: each has a name, and one of its own."""

import xml.etree.ElementTree as ET

from migrator.report.testcases import Case, document


def test_each_case_has_a_name_of_its_own_so_that_none_is_left_out() -> None:
    cases = [
        Case("mail.mta-sts", "example.org. MTA-STS", "", "The policy is cached for a day."),
        Case("mail.mta-sts", "example.org. MTA-STS", "failure", "The policy names no mail server."),
        Case("zonefile.bad-owner", "", "failure", "example.org.zone:23: The line cannot be read."),
        Case("zonefile.bad-owner", "", "failure", "example.org.zone:24: The line cannot be read."),
        Case("mail.spf", "example.org. MTA-STS"),
        Case("same", "twice (2)"),
        Case("same", "twice"),
        Case("same", "twice"),
    ]

    written = ET.fromstring(document("lint", "example.org", {}, cases)).iter("testcase")

    assert [(case.get("classname"), case.get("name")) for case in written] == [
        ("example.org.mail.mta-sts", "example.org. MTA-STS"),
        ("example.org.mail.mta-sts", "example.org. MTA-STS (2)"),
        ("example.org.zonefile.bad-owner", "zonefile.bad-owner"),
        ("example.org.zonefile.bad-owner", "zonefile.bad-owner (2)"),
        ("example.org.mail.spf", "example.org. MTA-STS"),
        ("example.org.same", "twice (2)"),
        ("example.org.same", "twice"),
        ("example.org.same", "twice (3)"),
    ]
