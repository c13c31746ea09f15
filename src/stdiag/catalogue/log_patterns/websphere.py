"""Lines of WebSphere and of IBM HTTP Server: keystores, single sign-on, downloads of Connections, hung threads."""

from __future__ import annotations

from stdiag.catalogue.log_patterns.pattern import LogAbsence, LogPattern

_BLOG_CCM = "a practitioner's article on IBM Connections 5.5 on Windows, 2016"

PATTERNS = (
    LogPattern(
        name="ihs-ciphers",
        code="log-handshake-refused",
        needles=("SSL Handshake Failed",),
        regex=r"SSL0222W: (?:SSL )?Handshake Failed, No ciphers specified(?: \([a-z ]{5,80}\))?",
        source="IBM HTTP Server 8.5 and 9, error_log; IBM's list of its handshake messages",
        doubt="the client that failed may have been a scanner, or a program older than the server's TLS",
        example=(
            "[Thu Apr 28 16:10:07 2016] [warn] [client 192.0.2.7] [7f9a700a7060] [21173] SSL0222W: SSL Handshake "
            "Failed, No ciphers specified (no shared ciphers or no shared protocols). [192.0.2.7:62899 -> 192.0.2.10]"
        ),
    ),
    LogPattern(
        name="ihs-handshake",
        code="log-handshake-failed",
        needles=("SSL Handshake Failed",),
        regex=r"SSL02\d\d[EW]: (?:SSL )?Handshake Failed\b(?:, [A-Z][A-Za-z ,-]{3,90})?",
        rank=1,
        source="IBM HTTP Server 8.5 and 9, error_log; IBM's list of its handshake messages",
        doubt="single ones are scanners and closed browsers; many from one network are a cause",
        example=(
            "[Thu Apr 28 16:10:07 2016] [error] [client 192.0.2.7] [7f9a700a7060] [21173] SSL0209E: SSL Handshake "
            "Failed, ERROR processing cryptography. [192.0.2.7:62899 -> 192.0.2.10:443]"
        ),
    ),
    LogPattern(
        name="websphere-keystore",
        code="log-keystore",
        needles=("CWPKI0033E",),
        regex=r'CWPKI0033E: The keystore located at "?[^\s"]{1,200}"? (?:failed to|did not) load',
        rank=2,
        source="WebSphere Application Server, message CWPKI0033E",
        doubt="a wrong path, a wrong password and a format that this Java cannot read begin alike",
        example=(
            '[4/28/16 16:10:07:655 CEST] 00000001 WSKeyStore    E   CWPKI0033E: The keystore located at "/opt/key.p12" '
            "failed to load due to the following error: Keystore was tampered with, or password was incorrect."
        ),
    ),
    LogPattern(
        name="java-keystore",
        code="log-keystore",
        needles=(
            "xception: Keystore was tampered",
            "xception: keystore password was",
            "xception: Integrity check failed",
            "xception: Failed PKCS",
            "xception: Error extracting keyentry",
        ),
        regex=(
            r"Keystore was tampered with, or password was incorrect|keystore password was incorrect"
            r"|Integrity check failed(?:: [\w.]{1,120}Exception: (?:Algorithm \w{1,40} not available"
            r"|Failed PKCS12 integrity checking))?|Failed PKCS12 integrity checking"
            r"|Error extracting keyentry aliases from PFX"
        ),
        rank=2,
        source="Oracle, OpenJDK and IBM Java; IBM support page 6966722",
        doubt="Java says the same of a wrong password and of a store that a newer keytool wrote",
        example=(
            "java.io.IOException: Integrity check failed: java.security.NoSuchAlgorithmException: Algorithm "
            "HmacPBESHA256 not available"
        ),
    ),
    LogPattern(
        name="ltpa-undefined",
        code="log-ltpa-undefined",
        needles=("LtpaToken=", "LtpaToken2="),
        regex='(?:(?<=LtpaToken=)|(?<=LtpaToken2=))["\u201c\u201d]?undefined',
        rank=2,
        source="a practitioner's trace of the SIP proxy of Sametime 9, 2014",
        doubt="the thick client works at the same time: it keeps the token itself",
        example='[2/11/14 18:08:43:661 GMT] 000000a7 SipProxy      3   Cookie: LtpaToken="undefined"',
    ),
    LogPattern(
        name="ltpa-expired",
        code="log-ltpa-expired",
        needles=("Validation of the LTPA token failed",),
        regex=r"SECJ0371W: Validation of the LTPA token failed because the token expired",
        rank=2,
        source="WebSphere Application Server, message SECJ0371W; IBM technotes swg21594981 and swg21390654",
        doubt="every token expires: IBM calls most of these lines harmless",
        example=(
            "[4/21/09 15:53:09:956 CDT] 0000016a LTPAServerObj W   SECJ0371W: Validation of the LTPA token failed "
            "because the token expired with the following info: Token expiration Date: Tue Apr 21 13:59:12 CDT 2009"
        ),
    ),
    LogPattern(
        name="ltpa-refused",
        code="log-ltpa-refused",
        needles=("when using LTPA",),
        regex=r"SECJ0369E: Authentication failed when using LTPA(?:\. The exception is [\w.$]{1,160}Exception)?",
        rank=2,
        source="WebSphere Application Server, message SECJ0369E",
        doubt="the exception behind it tells whether the password, the directory or the token is meant",
        example=(
            "[10/16/16 0:31:27:261 KST] 00007bbf LTPAServerObj E   SECJ0369E: Authentication failed when using LTPA. "
            "The exception is com.ibm.websphere.wim.exception.PasswordCheckFailedException: CWWIM4537E"
        ),
    ),
    LogPattern(
        name="websphere-hung",
        code="log-server-hung",
        needles=("WSVR0605W",),
        regex=r"WSVR0605W: Thread .{1,120}? has been active for [\d,.]{1,15} milliseconds and may be hung",
        rank=2,
        source="WebSphere Application Server, message WSVR0605W",
        doubt="the stack below the line tells what it waits for: a database, LDAP, another server",
        example=(
            '[10/12/15 21:22:04:257 CEST] 00000150 ThreadMonitor W   WSVR0605W: Thread "WebContainer : 5" (00000150) '
            "has been active for 612015 milliseconds and may be hung.  There is/are 1 thread(s) in total"
        ),
    ),
    LogPattern(
        name="ccm-cache",
        code="log-ccm-cache",
        needles=("CDHC enabled but",),
        regex=r"CDHC enabled but configuration error found",
        rank=2,
        source=_BLOG_CCM,
        doubt="it is written for each try to download a file of more than 1 MB; which setting is wrong it does not say",
        example=(
            "[4/27/16 19:09:58:679 CEST] 0000019b LCDAUtil      E dumpErrorInfo CDHC enabled but configuration error "
            "found"
        ),
    ),
    LogPattern(
        name="ccm-path",
        code="log-ccm-path",
        needles=("CDHC cdhc_rootPath = ",),
        # The last form: a properties file swallows single backslashes, and a drive is left without any slash.
        regex=(
            'CDHC cdhc_rootPath = (?:["\'\u201c\u201d][^\\r\\n"]{0,200}["\'\u201c\u201d]?'
            r"|[^\s\\]{0,100}\\[^\s]{0,150}|[A-Za-z]:[^\s/\\]{1,200}(?=\s|$))"
        ),
        rank=2,
        source=_BLOG_CCM,
        doubt="on another version or system quotes and backslashes may be taken",
        example=(
            "[4/28/16 16:10:07:655 CEST] 00000147 LCDAUtil      I getLCDA CDHC cdhc_rootPath = "
            r"D:\IBM\Connections\data\shared\ccmcache"
        ),
    ),
)

ABSENCES = (
    LogAbsence(
        name="ccm-start",
        code="log-ccm-start",
        needles=("WSVR0001I", "WSVR0024I", "CDHC enabled"),
        starts=r"Server [\w.-]{0,80}(?:CCM|ccm|Ccm)[\w.-]{0,80} open for e-business",
        stops=r"WSVR0024I: Server \S{1,160} stopped",
        expected=r"getLCDA CDHC enabled(?! but)",
        source=_BLOG_CCM,
        doubt="the lines may come with the first large file, or stand in the file before this one",
        example=(
            "[4/28/16 16:02:42:727 CEST] 00000001 WsServerImpl  A   WSVR0001I: Server CCMCluster_server1 open for "
            "e-business"
        ),
        healthy="[4/28/16 16:10:07:655 CEST] 00000147 LCDAUtil      I getLCDA CDHC enabled",
    ),
)
"""Starts that are followed by less than they should."""
