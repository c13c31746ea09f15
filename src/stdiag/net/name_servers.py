"""What the system's name servers say themselves: evidence where the system's resolver does not say why.

EAI_AGAIN and EAI_FAIL have several causes that look alike. The system's answer decides (it knows the hosts file and
local caches); these words only help to tell the causes apart.
"""

from __future__ import annotations

# Seconds, for all servers together: a look-up that has failed already must not cost much more.
_LIFETIME = 2.5


def words_of_name_servers(name: str, configuration: str | None = None) -> str:
    """One sentence about an A query for `name`, or "" when nothing can be said.

    `configuration` names a resolv.conf to use instead of the system's settings (on Windows: the registry's).
    """
    import dns.exception
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(filename=configuration or "/etc/resolv.conf")
    except (dns.exception.DNSException, OSError, ValueError):
        return "no name server is configured on this machine"
    if not resolver.nameservers:
        return "no name server is configured on this machine"
    resolver.timeout = _LIFETIME / 2
    resolver.lifetime = _LIFETIME
    servers = ", ".join(str(server) for server in resolver.nameservers)
    try:
        resolver.resolve(name, "A", search=False, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return f"asked directly, {servers} says NXDOMAIN"
    except dns.resolver.NoNameservers as error:
        # Its text ends in what each server answered: SERVFAIL, REFUSED, "port unreachable" …
        return f"asked directly, no usable answer: {error}"
    except dns.resolver.LifetimeTimeout:
        return f"asked directly, {servers} did not answer within {_LIFETIME} s"
    except (dns.exception.DNSException, OSError, ValueError) as error:
        return f"asked directly: {type(error).__name__}"
    return f"asked directly, {servers} has answered now: the failure may have been a passing one"
