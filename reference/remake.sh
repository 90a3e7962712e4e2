#!/usr/bin/env bash
# Remakes every golden number in a Python environment of its own (.venv, Python 3.11), after `npm ci`:
#
#     reference/remake.sh                     all of them
#     reference/remake.sh catalogue/rotary    one script, or several
#
# `git diff --stat` afterwards is empty, but for the last digits where another processor rounds differently.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -x .venv/bin/python ] || python3.11 -m venv .venv
.venv/bin/pip install --quiet \
  -r reference/requirements-catalogue.txt -r reference/requirements-tasks.txt -r reference/requirements-report.txt \
  -r reference/requirements-text-tokenizer.txt -r reference/requirements-readers.txt -r reference/requirements-pictures.txt \
  -r reference/requirements-forecasts.txt
# seqeval's old build finds its tools only outside of isolation.
.venv/bin/pip install --quiet setuptools-scm==8.3.1 wheel==0.48.0
.venv/bin/pip install --quiet --no-build-isolation \
  -r reference/requirements-metrics.txt -r reference/requirements-rows.txt

if [ $# -eq 0 ]; then
  set -- operations encodings models training onnx_rotary pitfalls heads tasks task_metrics report_statistics \
    text_tokenizer rows hugging_face_rows readers pictures forecasts \
    catalogue/content catalogue/input catalogue/rotary catalogue/scalings catalogue/scores catalogue/structure
fi
for script; do
  echo "reference/$script.py"
  .venv/bin/python -W ignore "reference/$script.py"
done
