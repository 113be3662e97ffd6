# SPDX-License-Identifier: Apache-2.0
"""shm-mjpeg behind Debian's Caddy, with the files of share/caddy (see proxies.py)."""
import proxies
from e2e import main
from proxy import Caddy

proxies.of(Caddy)
main()
