"""Lines about the way to the server: names, connections, proxies."""

from __future__ import annotations

from stdiag.catalogue.log_patterns.pattern import LogPattern

_HOST = r"(?P<host>[A-Za-z0-9.\-]{1,253})"
_WHERE = rf"(?:{_HOST}|/?\[?[0-9a-fA-F:.]{{2,45}}\]?)"

PATTERNS = (
    LogPattern(
        name="android-resolve",
        code="log-name-not-found",
        needles=("to resolve host",),
        regex=(
            rf'Unable to resolve host "?{_HOST}"?'
            r"(?:: (?:No address associated with hostname|Name or service not known))?"
        ),
        source="Android (java.net.UnknownHostException)",
        doubt="a phone that is offline says the same",
        example=(
            'java.net.UnknownHostException: Unable to resolve host "chat.example.com": No address associated with '
            "hostname"
        ),
    ),
    LogPattern(
        name="java-unknown-host",
        code="log-name-not-found",
        needles=("UnknownHostException", "Host is unresolved", "getaddrinfo", "could not be resolved"),
        regex=(
            rf"(?:UnknownHostException|Host is unresolved): {_HOST}(?!\S{{0,200}}@)"
            r"|getaddrinfo (?:failed|ENOTFOUND|EAI_AGAIN)|[A-Za-z0-9.\-]{1,253} could not be resolved"
        ),
        source="Java, Node.js",
        example="java.net.UnknownHostException: chat.example.com",
    ),
    LogPattern(
        name="proxy-login",
        code="log-proxy-login",
        needles=("for CONNECT: 407", "HTTP/1.1 407", "HTTP/1.0 407", "authenticate with proxy"),
        regex=r"Unexpected response code for CONNECT: 407|HTTP/1\.[01] 407|Failed to authenticate with proxy",
        source="OkHttp, Java's HttpURLConnection",
        example="java.io.IOException: Unexpected response code for CONNECT: 407",
    ),
    LogPattern(
        name="proxy-refused",
        code="log-proxy-refused",
        needles=("for CONNECT: ", "tunnel through proxy"),
        regex=r"Unexpected response code for CONNECT: \d{3}|Unable to tunnel through proxy",
        source="OkHttp, Java's HttpURLConnection",
        example="java.io.IOException: Unexpected response code for CONNECT: 403",
    ),
    LogPattern(
        name="upstream",
        code="log-server-error",
        needles=("upstream",),
        regex=(
            r"(?:connect\(\) failed|upstream timed out|upstream prematurely closed connection|no live upstreams"
            r"|host not found in upstream|no resolver defined)"
            r"(?: \(\d{1,4}: [A-Z][A-Za-z ]{3,40}\))?(?: while [a-z ]{5,60}upstream)?"
        ),
        source="nginx, which stands in front of Sametime 12",
        doubt="the path that was asked for tells which service is meant",
        example=(
            "web-1  | 2024/05/02 10:11:12 [error] 29#29: *17 connect() failed (111: Connection refused) while "
            "connecting to upstream, client: 192.0.2.7"
        ),
    ),
    LogPattern(
        name="connect-timeout",
        code="log-timeout",
        needles=("ailed to connect to", "onnect timed out", "onnection timed out", "ETIMEDOUT"),
        regex=(
            rf"[Ff]ailed to connect to {_WHERE}(?:/[0-9a-fA-F:.]{{2,45}})? \(port (?P<port>\d{{1,5}})\)"
            r"(?: from \S{3,80} \(port \d{1,5}\))? after \d{1,7} ?ms"
            r"|[Cc]onnect timed out|Connection timed out|ETIMEDOUT"
        ),
        source="Android's IoBridge, Java, errno",
        example=(
            "java.net.SocketTimeoutException: failed to connect to chat.example.com/192.0.2.10 (port 443) after 10000ms"
        ),
    ),
    LogPattern(
        name="unreachable",
        code="log-unreachable",
        needles=("ENETUNREACH", "EHOSTUNREACH", "is unreachable", "No route to host"),
        regex=r"ENETUNREACH|EHOSTUNREACH|(?:Network|Host) is unreachable|No route to host",
        source="errno, in the words of Android, Java, Node.js",
        doubt="a phone that is offline says the same",
        example=(
            "java.net.ConnectException: failed to connect to chat.example.com/192.0.2.10 (port 443): connect failed: "
            "ENETUNREACH (Network is unreachable)"
        ),
    ),
    LogPattern(
        name="refused",
        code="log-refused",
        needles=("Connection refused", "ECONNREFUSED"),
        regex=r"(?:[Ff]ailed to connect to [A-Za-z0-9./:()\[\] -]{3,200}?)?(?:Connection refused|ECONNREFUSED)",
        source="errno, in the words of Android, Java, Node.js",
        example=(
            "java.net.ConnectException: failed to connect to chat.example.com/192.0.2.10 (port 443): connect failed: "
            "ECONNREFUSED (Connection refused)"
        ),
    ),
    LogPattern(
        name="okhttp-connect",
        code="log-refused",
        needles=("ailed to connect to",),
        regex=rf"ConnectException: Failed to connect to {_WHERE}(?:/[0-9a-fA-F:.]{{2,45}})?:(?P<port>\d{{1,5}})",
        rank=1,
        source="OkHttp's RealConnection, which hides the reason",
        doubt="OkHttp writes this for a refused connection and for others; the line `Caused by` tells which",
        example="java.net.ConnectException: Failed to connect to chat.example.com/192.0.2.10:443",
    ),
    LogPattern(
        name="read-timeout",
        code="log-no-answer",
        needles=("Read timed out", "SocketTimeoutException"),
        regex=r"Read timed out|SocketTimeoutException: timeout\b|SocketTimeoutException$",
        source="Java, Android, OkHttp",
        doubt="long polls end like this when a middlebox forgets the connection",
        example="java.net.SocketTimeoutException: Read timed out",
    ),
    LogPattern(
        name="reset",
        code="log-reset",
        needles=("Connection reset", "ECONNRESET", "Broken pipe", "connection abort", "unexpected end of stream"),
        regex=r"Connection reset|ECONNRESET|Broken pipe|Software caused connection abort|unexpected end of stream",
        source="errno, in the words of Android, Java, Node.js; OkHttp",
        doubt="phones change networks: single ones mean nothing",
        example="java.net.SocketException: Connection reset",
    ),
    LogPattern(
        name="apple-network",
        code="log-timeout",
        needles=("NSURLErrorDomain",),
        regex=r"NSURLErrorDomain(?: Code=|:? ?)-100[14]\b",
        source="Apple's Foundation: -1001 timed out, -1004 cannot connect",
        doubt="-1004 covers refused connections too",
        example='Error Domain=NSURLErrorDomain Code=-1001 "The request timed out."',
    ),
    LogPattern(
        name="apple-name",
        code="log-name-not-found",
        needles=("NSURLErrorDomain",),
        regex=r"NSURLErrorDomain(?: Code=|:? ?)-100[36]\b",
        source="Apple's Foundation: -1003 cannot find host, -1006 DNS lookup failed",
        example='Error Domain=NSURLErrorDomain Code=-1003 "A server with the specified hostname could not be found."',
    ),
)
