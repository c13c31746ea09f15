"""Logs made up for tests, in the forms that real ones have."""

from __future__ import annotations

from stdiag.catalogue.log_patterns import ABSENCES, PATTERNS, SEARCHED_FOR
from stdiag.formats.client_log.read import read_client_log
from stdiag.formats.client_log.source import UNPACKED_LIMIT
from stdiag.formats.client_log.summary import LogSummary

ANDROID = """\
2013/06/21 16:28:15.891    340    FINE    CommonHttpClient$QueryX509TrustManager.checkServerTrusted:928    ENTRY: \
Server certificate validation Trust anchor for certification path not found.
2013/06/21 16:28:15.895    340    FINE    HTTPComm.BadCertificateNotifier:579    Enter HTTPComm.BadCertificateNotifier()
2013/06/21 16:28:15.895    340    FINE    CommonHttpClient$QueryX509TrustManager.checkServerTrusted:937    Trust \
anchor for certification path not found. Trust anchor for certification path not found.
    at org.apache.harmony.xnet.provider.jsse.OpenSSLSocketImpl.startHandshake(OpenSSLSocketImpl.java:1)
    at org.apache.harmony.xnet.provider.jsse.NativeCrypto.SSL_do_handshake(Native Method)

2013/06/21 16:28:15.895    340    FINE    CommonHttpClient$QueryX509TrustManager.checkServerTrusted:953    ENTRY: User \
rejected server\u2019s certificate
2013/06/21 16:28:15.901    340    FINE    STProxy.retryComm:1773    retryComm \u2013 command = 1 retries = 20
2013/06/21 16:28:15.901    340    INFO    HTTPComm.sendURLRequest:501    _sendurlrequest: Connection rejected. req = \
POST, cmd = 1, exception = Trust anchor for certification path not found.
"""
"""One attempt of a Sametime 8.5.2 client to log in."""

OKHTTP = """\
05-02 10:11:12.000  1234  1250 I okhttp: --> POST https://chat.example.com/stwebapi/user/connect (45-byte body)
05-02 10:11:12.400  1234  1250 I okhttp: <-- HTTP FAILED: javax.net.ssl.SSLHandshakeException: \
java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.
05-02 10:13:42.000  1234  1250 I okhttp: --> GET https://chat.example.com:8443/stwebapi/proxyinfo
05-02 10:13:42.100  1234  1250 I okhttp: <-- 200 OK https://chat.example.com:8443/stwebapi/proxyinfo (100ms)
05-02 10:14:42.000  1234  1250 W System.err: java.net.SocketTimeoutException: failed to connect to \
chat.example.com/192.0.2.10 (port 443) from /10.0.0.2 (port 41234) after 10000ms
"""

WEBSPHERE = """\
[4/28/16 16:10:07:655 CEST] 00000147 LCDAUtil      I getLCDA enabled
[4/28/16 16:10:08:001 CEST] 00000148 WSX509TrustMa E   CWPKI0022E: SSL HANDSHAKE FAILURE:  A signer with SubjectDN \
"CN=meet.example.com" was sent from target host:port "meet.example.com:443".  The signer may need to be added
[4/28/16 16:10:08:001 CEST] 00000148 SystemErr     R javax.net.ssl.SSLHandshakeException: com.ibm.jsse2.util.h: PKIX \
path building failed: java.security.cert.CertPathBuilderException: PKIXCertPathBuilderImpl could not build a valid \
CertPath.; internal cause is:
\tjava.security.cert.CertPathValidatorException: The certificate issued by CN=Example Issuing CA, O=Example is not \
trusted; internal cause is:
\tjava.security.cert.CertPathValidatorException: Certificate chaining error
\tat com.ibm.jsse2.o.a(o.java:22)
"""

CCM_HEALTHY = """\
[4/28/16 16:10:07:655 CEST] 00000147 LCDAUtil      I getLCDA CDHC enabled
[4/28/16 16:10:07:655 CEST] 00000147 LCDAUtil      I getLCDA CDHC cacheId = fncs-cdhc-node1-9445
[4/28/16 16:10:07:655 CEST] 00000147 LCDAUtil      I getLCDA CDHC cdhc_rootPath = D:/Connections/data/shared/ccmcache
[4/28/16 16:10:07:655 CEST] 00000147 LCDAUtil      I getLCDA CDHC cdhc_maxCachedFiles = 10000
[4/28/16 16:10:07:655 CEST] 00000147 LCDAUtil      I getLCDA CDHC cdhc_minContentLifetime_s = 3600
"""
"""What a server for CCM writes when its cache for downloads is in order."""

CCM_BROKEN = """\
[4/27/16 19:09:58:679 CEST] 0000019b LCDAUtil      E dumpErrorInfo CDHC enabled but configuration error found
"""

CCM_START = """\
[4/28/16 16:02:42:727 CEST] 00000001 WsServerImpl  A   WSVR0001I: Server CCMCluster_server1 open for e-business
"""

SAMETIME = """\
E Server 13/May, 07:01:10 Failed to connect to server 192.0.2.30 reason = 80000223
E Server 13/May, 07:01:20 Failed to connect to server 192.0.2.30 reason = 80000223
I Server 13/May, 07:01:30 Logged in to server 192.0.2.30
E Server 13/May, 07:01:35 Rejecting server 192.0.2.31 not in servers list
E Server 13/May, 07:01:45 Server has wrong net address
"""
"""Two Community Servers that find each other after a while, and a third that they do not know."""


def read(content: bytes | str, *, name: str = "client.log", unpacked_limit: int = UNPACKED_LIMIT) -> LogSummary:
    """The summary of a log with this content."""
    import io

    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return read_client_log(stream, name, PATTERNS, SEARCHED_FOR, absences=ABSENCES, unpacked_limit=unpacked_limit)
