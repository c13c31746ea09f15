"""Lines about the server's certificate."""

from __future__ import annotations

from stdiag.catalogue.log_patterns.pattern import LogPattern

PATTERNS = (
    LogPattern(
        name="android-trust-anchor",
        code="log-chain-not-trusted",
        needles=("Trust anchor for certification path",),
        regex=r"Trust anchor for certification path not found",
        source="Android's TrustManagerImpl, all versions; a Sametime 8.5.2 client's log of 2013",
        doubt="an intermediate that is not sent, a private CA, and a root newer than the phone read the same",
        example=(
            "2013/06/21 16:28:15.891    340    FINE    CommonHttpClient$QueryX509TrustManager.checkServerTrusted:928"
            "    ENTRY: Server certificate validation Trust anchor for certification path not found."
        ),
    ),
    LogPattern(
        name="ibm-issuer-not-trusted",
        code="log-chain-not-trusted",
        needles=("is not trusted",),
        regex=r"[Tt]he certificate issued by (?P<issuer>[^;\r\n]{1,300}?) is not trusted",
        source="IBM JSSE; IBM technote swg21369939",
        doubt="in a server's log it speaks of the server's own outgoing connection",
        example=(
            "java.security.cert.CertPathValidatorException: The certificate issued by CN=Example Issuing CA, O=Example "
            "is not trusted; internal cause is:"
        ),
    ),
    LogPattern(
        name="websphere-signer",
        code="log-chain-not-trusted",
        needles=("CWPKI0",),
        regex=(
            r"CWPKI0(?:022|823)E: SSL HANDSHAKE FAILURE:\s+A signer with SubjectDN [^\r\n]{1,300}? was sent from "
            r'(?:the )?(?:target host|host)(?:(?::port)? ["\[]?(?P<host>[A-Za-z0-9.\-]{1,253})?:(?P<port>\d{1,5})?)?'
        ),
        source="WebSphere Application Server 8.5 and 9, message CWPKI0022E; Liberty, message CWPKI0823E",
        doubt="it speaks of the server's own outgoing connection; the name quoted is the server certificate's",
        example=(
            "[4/28/16 16:10:07:655 CEST] 00000147 WSX509TrustMa E   CWPKI0022E: SSL HANDSHAKE FAILURE:  A signer with "
            'SubjectDN "CN=meet.example.com" was sent from target host:port "meet.example.com:443".  The signer may '
            "need to be added to local trust store"
        ),
    ),
    LogPattern(
        name="ibm-chaining-error",
        code="log-chain-not-trusted",
        needles=("haining error",),
        regex=r"[Cc]ertificate chaining error",
        rank=1,
        source="IBM JSSE; IBM technote swg21369939",
        doubt="the issuer that is missing stands in the line before it",
        example="java.security.cert.CertPathValidatorException: Certificate chaining error",
    ),
    LogPattern(
        name="java-expired",
        code="log-certificate-expired",
        needles=(
            "CertificateExpiredException",
            "ertificate expired at",
            "certificate has expired",
            "ertificate expired",
        ),
        regex=(
            r"CertificateExpiredException|[Cc]ertificate expired at [A-Z][^\r\n,(]{5,60}"
            r"|certificate has expired|alert certificate expired|[Cc]ertificate expired\b"
        ),
        source="Java and Android (X509Certificate.checkValidity), OpenSSL verify code 10",
        doubt="with a wrong clock on the client every certificate looks expired",
        example="java.security.cert.CertificateExpiredException: Certificate expired at Fri Jun 21 02:00:00 CEST 2013",
    ),
    LogPattern(
        name="java-not-yet-valid",
        code="log-certificate-not-yet-valid",
        needles=("CertificateNotYetValidException", "ertificate not valid until", "certificate is not yet valid"),
        regex=(
            r"CertificateNotYetValidException|[Cc]ertificate not valid until [A-Z][^\r\n,(]{5,60}"
            r"|certificate is not yet valid"
        ),
        source="Java and Android (X509Certificate.checkValidity), OpenSSL verify code 9",
        doubt="rarely the certificate, mostly the client's clock",
        example=(
            "java.security.cert.CertificateNotYetValidException: Certificate not valid until Fri Jun 21 02:00:00 CEST "
            "2013"
        ),
    ),
    LogPattern(
        name="java-path-building",
        code="log-chain-not-trusted",
        needles=("PKIX path building", "valid certification path"),
        regex=(
            r"PKIX path building failed(?:: [\w.$]{1,120}: "
            r"(?:unable to find valid certification path to requested target"
            r"|PKIXCertPathBuilderImpl could not build a valid CertPath))?"
            r"|unable to find valid certification path to requested target"
        ),
        source="Oracle, OpenJDK and IBM Java",
        doubt="a missing intermediate and an unknown root read the same",
        example=(
            "javax.net.ssl.SSLHandshakeException: PKIX path building failed: "
            "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to "
            "requested target"
        ),
    ),
    LogPattern(
        name="android-hostname",
        code="log-name-mismatch",
        needles=("not verified",),
        regex=r"Hostname '?(?P<host>[A-Za-z0-9.\-]{1,253})'? (?:was )?not verified",
        source="OkHttp and Android's HttpsURLConnection (SSLPeerUnverifiedException, IOException)",
        example=(
            "06-21 16:28:15.891  1234  5678 W System.err: javax.net.ssl.SSLPeerUnverifiedException: Hostname "
            "chat.example.com not verified:"
        ),
    ),
    LogPattern(
        name="httpclient-hostname",
        code="log-name-mismatch",
        needles=("in certificate didn",),
        regex=r"hostname in certificate didn't match: <(?P<host>[A-Za-z0-9.\-]{1,253})>",
        source="Apache HttpClient 4, as old Android apps hold it",
        example=(
            "javax.net.ssl.SSLException: hostname in certificate didn't match: <chat.example.com> != <www.example.com>"
        ),
    ),
    LogPattern(
        name="java-hostname",
        code="log-name-mismatch",
        needles=("matching",),
        regex=(
            r"No (?:subject alternative (?:DNS )?names?|name|subject alternative names) matching (?:IP address )?"
            r"(?P<host>[A-Za-z0-9.:\-]{1,253}) found"
        ),
        source="Oracle, OpenJDK and IBM Java",
        example=(
            "java.security.cert.CertificateException: No subject alternative DNS name matching chat.example.com found."
        ),
    ),
    LogPattern(
        name="java-no-names",
        code="log-name-mismatch",
        needles=("No subject alternative names",),
        regex=r"No subject alternative names present",
        source="Oracle, OpenJDK and IBM Java, when the client asked for an address",
        example="java.security.cert.CertificateException: No subject alternative names present",
    ),
    LogPattern(
        name="java-weak",
        code="log-certificate-weak",
        needles=("lgorithm constraints", "insecure signature", "insecure hash"),
        regex=(
            r"(?:does not conform to algorithm constraints|Algorithm constraints check failed on [A-Za-z0-9 :.]{1,80}"
            r"|uses an insecure signature algorithm|Signature uses an insecure hash function)"
        ),
        source="Oracle and IBM Java (jdk.certpath.disabledAlgorithms), Android's ChainStrengthAnalyzer",
        example=(
            "java.security.cert.CertPathValidatorException: Algorithm constraints check failed on signature algorithm: "
            "SHA1withRSA"
        ),
    ),
    LogPattern(
        name="android-unacceptable",
        code="log-certificate-unacceptable",
        needles=("nacceptable cert",),
        regex=r"Unacceptable certificate",
        source="Conscrypt on Android",
        doubt="an expired intermediate is the common reason",
        example="java.security.cert.CertificateException: Unacceptable certificate: CN=Example Issuing CA",
    ),
    LogPattern(
        name="okhttp-pinning",
        code="log-pin-mismatch",
        needles=("pinning failure", "Pin verification failed"),
        regex=r"Certificate pinning failure|Pin verification failed",
        source="OkHttp's CertificatePinner, Android's network security configuration",
        doubt="no source says that a Sametime app pins; a TLS-inspecting firewall has the same effect",
        example="javax.net.ssl.SSLPeerUnverifiedException: Certificate pinning failure!",
    ),
    LogPattern(
        name="openssl-verify",
        code="log-chain-not-trusted",
        needles=("local issuer certificate", "verify the first cert", "igned certificate in certificate"),
        regex=(
            r"unable to get local issuer certificate|unable to verify the first certificate"
            r"|self[- ]signed certificate in certificate chain"
        ),
        source="OpenSSL verify codes 20, 21 and 19; curl, nginx, Node.js",
        doubt="in a server's log it speaks of the server's own outgoing connection",
        example="proxy-1  | Error: unable to verify the first certificate",
    ),
    LogPattern(
        name="sametime-rejected",
        code="log-certificate-refused",
        needles=("User rejected",),
        # The apostrophe is a typographic one in some copies.
        regex=r"User rejected server.{1,3}s certificate",
        rank=1,
        source="a Sametime 8.5.2 client's log of 2013",
        doubt="whether the user was asked at all is not recorded",
        example=(
            "2013/06/21 16:28:15.895    340    FINE    CommonHttpClient$QueryX509TrustManager.checkServerTrusted:953"
            "    ENTRY: User rejected server's certificate"
        ),
    ),
    LogPattern(
        name="sametime-bad-certificate",
        code="log-certificate-refused",
        needles=("BadCertificateNotifier",),
        regex=r"BadCertificateNotifier(?=[:(])",
        rank=1,
        source="a Sametime 8.5.2 client's log of 2013",
        doubt="it says that a certificate is bad, not in which way",
        example="2013/06/21 16:28:15.895    340    FINE    HTTPComm.BadCertificateNotifier:579    Enter it",
    ),
    LogPattern(
        name="peer-alert",
        code="log-peer-refused-certificate",
        needles=("fatal alert: ", "alert bad cert", "alert certificate ", "alert unknown ca", "SSL routines"),
        regex=(
            r"(?:[Rr]eceived fatal alert: |alert )(?:bad[_ ]certificate|certificate[_ ]unknown|unknown[_ ]ca"
            r"|certificate[_ ]required)|ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA|CERTIFICATE_REQUIRED)"
        ),
        source="RFC 8446 section 6.2, in the words of Java, OpenSSL (nginx) and Conscrypt",
        doubt="in a server's log a client refuses the server's chain; in a client's log the server wants another one",
        example="javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_unknown",
    ),
    LogPattern(
        name="apple-not-trusted",
        code="log-chain-not-trusted",
        needles=("NSURLErrorDomain",),
        regex=r"NSURLErrorDomain(?: Code=|:? ?)-120[23]\b",
        source="Apple's Foundation: -1202 server certificate untrusted, -1203 unknown root",
        doubt="-1202 is used for a wrong name and for an expired certificate too",
        example='Error Domain=NSURLErrorDomain Code=-1202 "The certificate for this server is invalid."',
    ),
)
