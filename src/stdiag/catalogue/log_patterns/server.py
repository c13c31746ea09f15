"""Lines about logins, servers that stand in front, and the client's behaviour."""

from __future__ import annotations

from stdiag.catalogue.log_patterns.pattern import LogPattern

PATTERNS = (
    LogPattern(
        name="auth-service",
        code="log-login-refused",
        needles=("Token not present in", "/api/v1/"),
        regex=(
            r"Token not present in request"
            r"|(?:GET|POST) /api/v1/(?:check|token)\b(?:[^\s?\"]{0,80}(?: HTTP/[\d.]{1,3})?\"?) 40[13]\b"
        ),
        source="technotes of practitioners on Sametime 12.0.4 with OIDC",
        doubt="every login begins with one",
        example="auth-1  | GET /api/v1/check 401 3.204 ms - 38",
    ),
    LogPattern(
        name="okhttp-unauthorized",
        code="log-login-refused",
        needles=("<-- 401", "<-- 403"),
        regex=r"<-- 40[13]\b",
        source="OkHttp's HttpLoggingInterceptor",
        doubt="a 401 that is followed by a 200 is a normal login",
        example="05-02 10:11:12.000  1234  1250 I okhttp: <-- 401 Unauthorized https://chat.example.com/ (31ms)",
    ),
    LogPattern(
        name="okhttp-server-error",
        code="log-server-error",
        needles=("<-- 502", "<-- 503", "<-- 504", '" 502 ', '" 503 ', '" 504 '),
        regex=r"<-- 50[234]\b|HTTP/[\d.]{1,3}\" 50[234]\b",
        source="OkHttp's HttpLoggingInterceptor; access logs of nginx and Apache",
        example="05-02 10:11:12.000  1234  1250 I okhttp: <-- 502 Bad Gateway https://chat.example.com/ (31ms)",
    ),
    LogPattern(
        name="redirect-loop",
        code="log-redirect-loop",
        needles=("oo many follow-up", "edirected too many times", "ircular redirect"),
        regex=r"Too many follow-up requests: \d{1,3}|[Rr]edirected too many times|[Cc]ircular redirect",
        source="OkHttp, Java's HttpURLConnection, Apache HttpClient",
        example="java.net.ProtocolException: Too many follow-up requests: 21",
    ),
    LogPattern(
        name="idp-client",
        code="log-idp-client",
        needles=("lient not found",),
        regex=r"\bClient not found\b",
        source="technotes of practitioners on Sametime 12.0.4 with OIDC",
        doubt="SAML and OIDC settings are mixed, or the client id differs",
        example="auth-1  | error: Client not found.",
    ),
    LogPattern(
        name="websockets",
        code="log-websockets",
        needles=("ebsockets fail",),
        regex=r"[Ww]eb[Ss]ockets fail(?:ed)? to load",
        source="HCL article KB0101583, as the documentation of Sametime 12 cites it",
        example="Websockets fail to load",
    ),
    LogPattern(
        name="sametime-connection-rejected",
        code="log-connection-rejected",
        needles=("Connection rejected",),
        regex=r"Connection rejected\. req = [A-Z]{1,8}, cmd = \d{1,4}",
        rank=1,
        source="a Sametime 8.5.2 client's log of 2013",
        doubt="the reason stands behind `exception =`",
        example=(
            "2013/06/21 16:28:15.901    340    INFO    HTTPComm.sendURLRequest:501    _sendurlrequest: Connection "
            "rejected. req = POST, cmd = 1, exception = something new"
        ),
    ),
    LogPattern(
        name="sametime-retry",
        code="log-retry-loop",
        needles=("retryComm",),
        regex=r"retryComm . command = \d{1,4} retries = \d{1,6}",
        rank=2,
        source="a Sametime 8.5.2 client's log of 2013",
        doubt="whether the number counts what is left or what is allowed is not documented",
        example="2013/06/21 16:28:15.901  340  FINE  STProxy.retryComm:1773  retryComm - command = 1 retries = 20",
    ),
    LogPattern(
        name="harmony",
        code="log-old-android",
        # One frame of each stack trace: the others say no more.
        needles=("harmony.xnet.provider.jsse.OpenSSLSocketImpl.startHandshake",),
        regex=r"org\.apache\.harmony\.xnet\.provider\.jsse(?=\.OpenSSLSocketImpl\.startHandshake)",
        rank=2,
        source="class names of Android's TLS before Conscrypt",
        doubt="from which release on the classes were renamed is not stated in the sources used",
        example="    at org.apache.harmony.xnet.provider.jsse.OpenSSLSocketImpl.startHandshake(A.java:1)",
    ),
)
