#!/usr/bin/env bash
# Installs what the tests need besides Node and npm ci: Debian's tools, a browser, JupyterLab in .lab, and real weights in a cache.
# Run as root on Debian 12. Running it again only mends what is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DEBIAN_FRONTEND=noninteractive

apt-get update -qq
apt-get install -y -qq --no-install-recommends \
  ca-certificates chromium ethtool fonts-dejavu-core git hwloc-nox iproute2 lz4 numactl python3-venv \
  qemu-system-arm qemu-system-x86 util-linux >/dev/null
bash kernels/lab/environment.sh
node test/tools/realModels.mjs || true # without them, the tests that need them say so
echo "Ready: numactl, emulators, chromium, and JupyterLab in .lab"
