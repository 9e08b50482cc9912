#!/bin/bash
# Builds and tests in Python: pytest, mkdocs, uv.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

case_no_incident_pytest_errors_module() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "tests.log", "proof": [],
  "program": "pytest 9", "form": "application-log", "hides": "XFAIL, ERROR lines that tests expect, Traceback of a captured log, DeprecationWarning, names like test_connection_refused", "split": "tune",
  "why": "Every test that should pass passes; the errors in it are those that the tests ask for." }
JSON
  host ci-4
  work errors
  cat >test_errors.py <<'P'
import logging, socket, warnings
import pytest
log = logging.getLogger('client')
def fetch(port):
    try:
        socket.create_connection(('127.0.0.1', port), timeout=1)
    except OSError:
        log.exception('connection to 127.0.0.1:%d failed', port)
        raise
def test_connection_refused():
    with pytest.raises(ConnectionRefusedError):
        fetch(9)
def test_out_of_memory_is_told(caplog):
    log.error('out of memory, worker killed')
    assert 'out of memory' in caplog.text
@pytest.mark.parametrize('status', [500, 502, 503])
def test_upstream_error(status):
    log.warning('upstream answered %d', status)
    assert status >= 500
@pytest.mark.xfail(reason='crash of the old parser, kept as a reminder')
def test_old_parser_crash():
    raise ValueError('could not parse')
@pytest.mark.skip(reason='needs a database')
def test_database_unavailable(): pass
def test_old_call():
    warnings.warn('fetch(port) is deprecated', DeprecationWarning)
P
  { echo '$ pytest -rA'; py -m pytest -rA -p no:cacheprovider --color=no; echo "ci: step tests ended with status $?"; } >"$evidence/tests.log" 2>&1
}

case_no_incident_mkdocs_handbook() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "docs.log", "proof": [],
  "program": "mkdocs 1", "form": "application-log", "hides": "WARNING of a link without a target, pages named after outages and crashes that are not in the menu, absolute link left as it is", "split": "tune",
  "why": "The handbook is built each time; what is remarked are links and pages outside the menu." }
JSON
  host docs-5
  work handbook
  mkdir -p docs/runbooks
  printf 'site_name: Handbook of failures\ntheme:\n  name: mkdocs\nnav:\n  - index.md\n  - runbooks/crash.md\n' >mkdocs.yml
  printf '# Handbook\n\n[crash](runbooks/crash.md#killed) and [outage](runbooks/outage.md), [lost](lost.md), [old](/old/errors)\n' >docs/index.md
  printf '# Crash\n\nWhat to do when a process was killed.\n' >docs/runbooks/crash.md
  printf '# Outage\n\nFATAL: database unavailable, and what then.\n' >docs/runbooks/outage.md
  for n in 1 2; do
    [ $n = 2 ] && printf '# Disk full\n' >docs/runbooks/disk-full.md
    { echo "== docs $n: mkdocs build"; py -W ignore -m mkdocs build --clean; echo "== docs $n: status $?, published"; } >>"$evidence/docs.log" 2>&1
  done
}

case_version_incompatible_uv_release() {
  about <<'JSON'
{ "category": "version-incompatible", "app": null, "log": "build.log",
  "proof": ["your requirements are unsatisfiable"],
  "program": "uv 0.13", "form": "application-log", "hides": "No solution found when resolving dependencies, error counts of the lint before, exit status 1", "split": "tune",
  "why": "The basket in the new release wants the price library of the second generation, the shop's own code the first; both together cannot be installed." }
JSON
  host ci-5
  work release
  wheel() {
    mkdir -p "w/$1-$2.dist-info" wheels
    echo "version = '$2'" >"w/$1.py"
    { printf 'Metadata-Version: 2.1\nName: %s\nVersion: %s\n' "$1" "$2"; [ -z "${3:-}" ] || echo "Requires-Dist: $3"; } >"w/$1-$2.dist-info/METADATA"
    printf 'Wheel-Version: 1.0\nGenerator: acme\nRoot-Is-Purelib: true\nTag: py3-none-any\n' >"w/$1-$2.dist-info/WHEEL"
    printf '%s.py,,\n%s-%s.dist-info/METADATA,,\n%s-%s.dist-info/WHEEL,,\n%s-%s.dist-info/RECORD,,\n' "$1" "$1" "$2" "$1" "$2" "$1" "$2" >"w/$1-$2.dist-info/RECORD"
    (cd w && py -m zipfile -c "../wheels/$1-$2-py3-none-any.whl" "$1.py" "$1-$2.dist-info") && rm -r w
  }
  wheel acme_prices 1.4.0; wheel acme_prices 2.0.0
  wheel acme_basket 3.0.0 'acme_prices>=1,<2'; wheel acme_basket 3.1.0 'acme_prices>=2'
  uv=/usr/local/lib/python3.11/dist-packages/bin/uv
  build() {
    { echo "== build $1"; echo 'lint: 88 files, 0 errors, 4 warnings'; echo "uv pip install --target site acme_basket==$2 'acme_prices<2'"
      UV_NO_CACHE=1 $uv pip install --python /usr/bin/python3 --no-index --find-links wheels --target site "acme_basket==$2" 'acme_prices<2'; echo "build $1: install ended with status $?"; } >>"$evidence/build.log" 2>&1
  }
  build 411 3.0.0
  rm -rf site
  build 412 3.1.0
  build 413 3.1.0
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
