"""Lines about the TLS handshake."""

from __future__ import annotations

from stdiag.catalogue.log_patterns.pattern import LogPattern

PATTERNS = (
    LogPattern(
        name="alert-version",
        code="log-tls-version",
        needles=("fatal alert: ", "alert protocol version", "SSL routines"),
        regex=r"[Rr]eceived fatal alert: protocol_version|alert protocol version|ALERT_PROTOCOL_VERSION",
        source="RFC 8446 section 6.2, in the words of Java, OpenSSL and Conscrypt",
        example=(
            "06-02 01:24:01.318  1234  1250 W System.err: error:1407742E:SSL routines:SSL23_GET_SERVER_HELLO:tlsv1 "
            "alert protocol version"
        ),
    ),
    LogPattern(
        name="java-version",
        code="log-tls-version",
        needles=("protocol version", "No appropriate protocol", "SSL routines"),
        regex=(
            r"Server chose (?:SSLv3|TLSv1(?:\.\d)?), but that protocol version is not enabled or not supported"
            r"|No appropriate protocol|is not accepted by client preferences|UNSUPPORTED_PROTOCOL"
        ),
        source="Oracle, OpenJDK and IBM Java; BoringSSL in Conscrypt",
        example=(
            "javax.net.ssl.SSLHandshakeException: The server selected protocol version TLS10 is not accepted by client "
            "preferences [TLS13, TLS12]"
        ),
    ),
    LogPattern(
        name="unrecognized-name",
        code="log-handshake-refused",
        needles=("nrecognized_name", "unrecognized name", "SSL routines"),
        regex=r"unrecognized[_ ]name|UNRECOGNIZED_NAME",
        source="RFC 6066 section 3, in the words of Java, OpenSSL and Conscrypt",
        doubt="a wrong name, or a client that sends none",
        example="javax.net.ssl.SSLProtocolException: handshake alert:  unrecognized_name",
    ),
    LogPattern(
        name="alert-handshake-failure",
        code="log-handshake-refused",
        needles=("fatal alert: ", "alert handshake failure", "cipher suites in common", "SSL routines"),
        regex=(
            r"[Rr]eceived fatal alert: (?:handshake_failure|insufficient_security|illegal_parameter|internal_error)"
            r"|alert handshake failure|ALERT_HANDSHAKE_FAILURE|no cipher suites in common|NO_SHARED_CIPHER"
        ),
        source="RFC 8446 section 6.2, in the words of Java, OpenSSL and Conscrypt",
        doubt="the alert gives no reason: ciphers, versions, a missing server name, a missing client certificate",
        example="javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure",
    ),
    LogPattern(
        name="weak-dh",
        code="log-weak-dh",
        needles=("generate DH keypair", "SSL routines"),
        regex=r"Could not generate DH keypair|dh key too small|BAD_DH_P_LENGTH",
        source="Java up to 7 (largest prime 1024 bit), OpenSSL, BoringSSL",
        doubt="Java up to 7 fails at primes above 1024 bit, today's clients below it",
        example="javax.net.ssl.SSLException: java.lang.RuntimeException: Could not generate DH keypair",
    ),
    LogPattern(
        name="plain-answer",
        code="log-not-tls",
        needles=(
            "plaintext connection",
            "recognized SSL message",
            "SSL routines",
            "to parse TLS packet",
        ),
        regex=(
            r"Unrecognized SSL message, plaintext connection\??|Unsupported or unrecognized SSL message"
            r"|WRONG_VERSION_NUMBER|SSL routines[:\w]{0,80}:(?:wrong version number|unknown protocol)"
            r"|Unable to parse TLS packet header"
        ),
        source="Java, OpenSSL, Conscrypt",
        doubt="a plain port, or a proxy that answers with a page",
        example="javax.net.ssl.SSLException: Unrecognized SSL message, plaintext connection?",
    ),
    LogPattern(
        name="handshake-timeout",
        code="log-handshake-silent",
        needles=("andshake timed out",),
        regex=r"(?:SSL )?[Hh]andshake timed out",
        source="Conscrypt on Android, Java",
        example="java.net.SocketTimeoutException: SSL handshake timed out",
    ),
    LogPattern(
        name="handshake-cut",
        code="log-handshake-closed",
        needles=("SSL handshake aborted", "during handshake", "terminated the handshake"),
        regex=(
            r"SSL handshake aborted: ssl=0x[0-9a-f]{1,16}: I/O error during system call, [A-Z][a-z ]{3,40}"
            r"|Remote host closed connection during handshake|Remote host terminated the handshake"
            r"|Connection closed by peer during handshake"
        ),
        source="Conscrypt on Android, Java",
        doubt="a firewall that dislikes the server name, a load balancer without a back end, an unknown version",
        example=(
            "javax.net.ssl.SSLHandshakeException: SSL handshake aborted: ssl=0x7bff982008: I/O error during system "
            "call, Connection reset by peer"
        ),
    ),
    LogPattern(
        name="cleartext",
        code="log-cleartext",
        needles=("CLEARTEXT communication",),
        regex=(
            r"CLEARTEXT communication to (?P<host>[A-Za-z0-9.\-]{1,253}) not permitted by network security policy"
            r"|CLEARTEXT communication (?:not enabled for client|not permitted)"
        ),
        source="OkHttp and Android's network security configuration",
        example=(
            "java.net.UnknownServiceException: CLEARTEXT communication to chat.example.com not permitted by network "
            "security policy"
        ),
    ),
    LogPattern(
        name="handshake-failed",
        code="log-handshake-failed",
        needles=("SSLHandshakeException", "CWPKI0", "Failure in SSL library"),
        regex=(
            r"SSLHandshakeException: (?:Handshake failed|SSL handshake aborted|SSL handshake failure)"
            r"|CWPKI0022E: SSL HANDSHAKE FAILURE|Failure in SSL library"
        ),
        rank=1,
        source="Conscrypt on Android, WebSphere",
        doubt="the reason stands in the lines below it, if the log keeps them",
        example="    javax.net.ssl.SSLHandshakeException: Handshake failed",
    ),
)
