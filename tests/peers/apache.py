"""Apache httpd with mod_ssl."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.peers.identity import KeyFiles
from tests.peers.process import accepts, free_port, running

MODULES = Path("/usr/lib/apache2/modules")

CONF = """\
ServerRoot {folder}
ServerName localhost
PidFile {folder}/httpd.pid
Mutex file:{folder} default
ErrorLog /dev/stderr
DocumentRoot {folder}/htdocs
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule socache_shmcb_module {modules}/mod_socache_shmcb.so
LoadModule ssl_module {modules}/mod_ssl.so
Listen 127.0.0.1:{port}
StartServers 1
ServerLimit 1
ThreadLimit 16
ThreadsPerChild 16
MaxRequestWorkers 16
{user}
<VirtualHost 127.0.0.1:{port}>
  SSLEngine on
  SSLCertificateFile {keys.chain}
  SSLCertificateKeyFile {keys.key}
  {directives}
</VirtualHost>
"""


@contextlib.contextmanager
def apache(folder: Path, keys: KeyFiles, *directives: str, user: str = "") -> Iterator[int]:
    """Run Apache on 127.0.0.1; yields its port. `directives` go into the virtual host, `user` to the top."""
    program = shutil.which("apache2") or "/usr/sbin/apache2"
    port = free_port()
    (folder / "htdocs").mkdir(exist_ok=True)
    (folder / "htdocs" / "index.html").write_text("ok\n", encoding="utf-8")
    conf = folder / "httpd.conf"
    conf.write_text(
        CONF.format(
            folder=folder, modules=MODULES, port=port, keys=keys, user=user, directives="\n  ".join(directives)
        ),
        encoding="utf-8",
    )
    with running([program, "-D", "FOREGROUND", "-f", conf], folder, ready=lambda _log: accepts(port)):
        yield port
