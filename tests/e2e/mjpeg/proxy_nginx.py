# SPDX-License-Identifier: Apache-2.0
"""shm-mjpeg behind Debian's nginx, with the files of share/nginx (see proxies.py)."""
import proxies
from e2e import main
from proxy import Nginx

proxies.of(Nginx)
main()
