"""Sign a token for trying, with the development issuer of the embedded stack."""

import argparse
import os
from datetime import timedelta

from uem.home import home
from uem.issuer import LIFETIME, LONGEST, ROLES, Claims, Issuer
from uem.problem import Problem
from vocabulary import NATION

# settings that name another issuer than the embedded stack's
OWN_ISSUER = ("UEM_JWKS_URL", "UEM_OIDC_ISSUER", "UEM_ISSUERS_FILE")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Who the bearer is."""
    parser.add_argument("--role", action="append", choices=ROLES, required=True, dest="roles")
    parser.add_argument("--org", help="the organization the bearer acts for")
    parser.add_argument(
        "--area",
        action="append",
        dest="areas",
        help="a GB/T 2260 code within which the roles hold, repeatable (default: the nation)",
    )
    parser.add_argument(
        "--post", action="append", default=[], dest="posts", help="a duty post held"
    )
    parser.add_argument("--person", help="the person's id")
    parser.add_argument("--subject", default="try", help="the token's subject (default: try)")
    hours = int(LIFETIME / timedelta(hours=1))
    parser.add_argument("--hours", type=float, default=hours, help=f"lifetime (default: {hours})")


def run(arguments: argparse.Namespace) -> int:
    """The token stands on standard output, alone on its line."""
    named = [name for name in OWN_ISSUER if os.environ.get(name)]
    if named:
        raise Problem(
            f"{named[0]} names an issuer of your own: its services do not trust this key",
            remedy="ask that issuer for a token; uem token is for the embedded stack",
        )
    lifetime = timedelta(hours=arguments.hours)
    if not timedelta() < lifetime <= LONGEST:
        raise Problem(
            f"no service accepts a token for {lifetime}",
            remedy=f"ask for at most {LONGEST / timedelta(hours=1):g} hours",
        )
    claims = Claims(
        subject=arguments.subject,
        roles=arguments.roles,
        org=arguments.org,
        areas=arguments.areas or (NATION,),
        posts=arguments.posts,
        person=arguments.person,
    )
    issuer = Issuer(home().secrets)
    print(issuer.sign(claims, lifetime=lifetime))
    return 0
