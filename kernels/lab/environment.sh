#!/usr/bin/env bash
# Makes .lab, the Python environment that holds JupyterLab, with exactly the versions of kernels/requirements-lab.txt.
# Where it is there already, nothing is done.
set -euo pipefail
cd "$(dirname "$0")/../.."

requirements=kernels/requirements-lab.txt
if cmp -s $requirements .lab/requirements-lab.txt; then exit; fi

python=""
for candidate in python3 /usr/bin/python3; do
  if "$candidate" -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [[ -z $python ]]; then
  found=$(python3 --version 2>/dev/null || echo "no python3")
  echo "JupyterLab needs Python 3.11 or later with its module venv; found is $found." >&2
  echo "On Debian or Ubuntu, install it by: sudo apt install python3 python3-venv" >&2
  exit 1
fi

echo "Making .lab with JupyterLab: once, about a minute" >&2
"$python" -m venv --clear .lab
echo '{}' >.lab/package.json # JupyterLab's own scripts are CommonJS; our package.json would make them ES modules
.lab/bin/pip install -qq --disable-pip-version-check --requirement $requirements
mkdir -p .lab/share/jupyter/lab/settings
cp kernels/lab/settings.json .lab/share/jupyter/lab/settings/overrides.json # JupyterLab asks nothing of the network
cp $requirements .lab/
