#!/usr/bin/env bash
# Installs what the tests need besides Node and npm ci: Debian's tools, and a Python environment in .venv that executes notebooks.
# Run as root on Debian 12. Running it again only mends what is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DEBIAN_FRONTEND=noninteractive

apt-get update -qq
apt-get install -y -qq --no-install-recommends ca-certificates git numactl python3-venv util-linux >/dev/null
/usr/bin/python3 -m venv .venv
echo '{}' >.venv/package.json # JupyterLab's own scripts are CommonJS; our package.json would make them ES modules
.venv/bin/pip install -qq --disable-pip-version-check -r kernels/requirements-lab.txt
echo "Ready: numactl, and Jupyter in .venv"
