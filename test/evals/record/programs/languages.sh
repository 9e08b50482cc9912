#!/bin/bash
# Programs in C#, Perl, Lua, Elixir, OCaml, Lisp and Prolog that fail by themselves.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# ledger: compiled to /srv/ledger/ledger.exe
ledger() { app languages ledger && mcs -debug -out:ledger.exe ledger.cs >/dev/null && rm -f ./*.cs ./*.pl ./*.lua ./*.exs ./*.ml; }

case_unhandled_exception_csharp_settlement() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "ledger", "log": "ledger.log",
  "proof": ["System.Collections.Generic.KeyNotFoundException"],
  "program": "mono 6.8, C#", "form": "application-log", "hides": "System.InvalidOperationException: day 9 cannot be closed", "split": "held-out",
  "why": "There is no rate for CHF in the table; nobody catches what that throws, and the program ends." }
JSON
  host ledger-1
  ledger
  start ledger.log mono --debug ledger.exe settle
  wait $last
}

case_heap_exhausted_csharp_archive() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "ledger", "log": "journal.log",
  "proof": ["System.OutOfMemoryException"],
  "program": "mono 6.8, C# under systemd 252", "form": "journald", "hides": "status=1/FAILURE, batch was slow", "split": "held-out",
  "why": "The archive is kept in memory; the collector's heap may grow to 48 MB, and the next array does not fit." }
JSON
  host ledger-3
  ledger
  unit ledger <<'U'
[Unit]
Description=Ledger
[Service]
WorkingDirectory=/srv/ledger
Environment=MONO_GC_PARAMS=max-heap-size=48m
ExecStart=/usr/bin/mono --debug ledger.exe archive
Restart=on-failure
RestartSec=2
U
  systemctl start ledger
  sleep 9
  journal journal.log -u ledger
}

case_stack_overflow_csharp_tree() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "ledger", "log": "ledger.log",
  "proof": ["The requested operation caused a stack overflow"],
  "program": "mono 6.8, C#", "form": "application-log", "hides": "at Ledger.Depth, repeated", "split": "held-out",
  "why": "A recursion has no end; the runtime says that the stack overflowed and prints the frames." }
JSON
  host ledger-4
  ledger
  mono --debug ledger.exe tree >/tmp/ledger.log 2>&1
  head -70 /tmp/ledger.log >"$evidence/ledger.log"
}

case_exited_normally_csharp_console() {
  about <<'JSON'
{ "category": "exited-normally", "app": "ledger", "log": "journal.log",
  "proof": ["ledger.service: Deactivated successfully"],
  "program": "mono 6.8, C# under systemd 252", "form": "journald", "hides": "batch was slow, TimeZone database is older", "split": "held-out",
  "why": "The program waits for the ENTER key, a service has no terminal, so it ends at once with success and the service is gone." }
JSON
  host ledger-6
  ledger
  unit ledger <<'U'
[Unit]
Description=Ledger posting service
[Service]
WorkingDirectory=/srv/ledger
ExecStart=/usr/bin/mono --debug ledger.exe console
Restart=on-failure
U
  systemctl start ledger
  sleep 5
  systemctl status ledger --no-pager >"$evidence/status.txt"
  journal journal.log -u ledger
}

case_dependency_missing_csharp_assembly() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "ledger", "log": "ledger.log",
  "proof": ["Could not load file or assembly 'Acme.Rates"],
  "program": "mono 6.8, C#", "form": "application-log", "hides": "System.TypeInitializationException, System.IO.FileNotFoundException", "split": "held-out",
  "why": "The package was copied without the assembly Acme.Rates." }
JSON
  host ledger-8
  app languages ledger
  printf 'public static class Rates { public static decimal Of(string name) { return 1.08m; } }\n' >rates.cs
  mcs -target:library -out:Acme.Rates.dll rates.cs >/dev/null
  sed -i 's/if (mode == "settle".*/if (n == 4) Fees.Book(n);/; $a static class Fees { static readonly decimal rate = Rates.Of("EUR"); public static void Book(int n) { System.Console.WriteLine(n * rate); } }' ledger.cs
  mcs -debug -r:Acme.Rates.dll -out:ledger.exe ledger.cs >/dev/null
  rm Acme.Rates.dll
  start ledger.log mono --debug ledger.exe
  wait $last
}

case_dependency_missing_perl_module() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "feed-import", "log": "journal.log",
  "proof": ["Can't locate Text/CSV_XS.pm in @INC"],
  "program": "perl 5.36 under systemd 252", "form": "journald", "hides": "BEGIN failed--compilation aborted, status=2/INVALIDARGUMENT", "split": "held-out",
  "why": "The new version needs Text::CSV_XS, which is not installed on this host." }
JSON
  host feeds-1
  app languages feed-import
  unit feed-import <<'U'
[Unit]
Description=Feed import
[Service]
Type=oneshot
ExecStart=/usr/bin/perl /srv/feed-import/Feed.pl once
U
  systemctl start feed-import
  sed -i 's/^use Mojo::Log;/use Mojo::Log;\nuse Text::CSV_XS;/' Feed.pl
  systemctl start feed-import
  sleep 1
  systemctl start feed-import
  journal journal.log -u feed-import
}

case_unhandled_exception_perl_feed_shape() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "feed-import", "log": "feed.log",
  "proof": ["Can't use string (\"none\") as an ARRAY ref while \"strict refs\" in use"],
  "program": "perl 5.36, Mojolicious 9", "form": "application-log", "hides": "feed 4 has no etag", "split": "held-out",
  "why": "One feed has a word where the program wants a list; perl dies there, and feed 6 is never read." }
JSON
  host feeds-3
  app languages feed-import
  start feed.log perl Feed.pl shape
  wait $last
}

case_dns_failure_perl_feeds() {
  about <<'JSON'
{ "category": "dns-failure", "app": "feed-import", "log": "feed.log",
  "proof": ["Can't connect: Temporary failure in name resolution"],
  "program": "perl 5.36, Mojolicious 9", "form": "application-log", "hides": "feed N: - Can't connect", "split": "held-out",
  "why": "The name of the supplier's host is not resolved." }
JSON
  host feeds-5
  app languages feed-import
  start feed.log perl Feed.pl fetch http://feeds.supplier.example
  wait $last
}

case_unhandled_exception_lua_tariff() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "quotes", "log": "container.log",
  "proof": ["attempt to index a nil value (field '?')"],
  "program": "lua 5.4", "form": "docker-logs", "hides": "tariff CH has no base price, retry of order", "split": "held-out",
  "why": "An order to a country without a tariff is indexed as nil; the error is not caught." }
JSON
  host quotes-2
  app languages quotes
  for n in 1 2; do start container.log lua5.4 quotes.lua tariff; wait $last; sleep 1; done
}

case_dependency_missing_lua_cjson() {
  about <<'JSON'
{ "category": "dependency-missing", "app": "quotes", "log": "container.log",
  "proof": ["module 'cjson.safe' not found"],
  "program": "lua 5.4", "form": "docker-logs", "hides": "a list of paths with 'no file'", "split": "held-out",
  "why": "The image was built without lua-cjson." }
JSON
  host quotes-4
  app languages quotes
  for n in 1 2 3; do start container.log lua5.4 quotes.lua json; wait $last; sleep 1; done
}

case_missing_env_elixir_release() {
  about <<'JSON'
{ "category": "missing-env", "app": "parcel-router", "log": "journal.log",
  "proof": ["could not fetch environment variable \"PARCEL_REGION\" because it is not set"],
  "program": "elixir 1.14 on erlang 25 under systemd 252", "form": "journald", "hides": "System.EnvError stacktrace, status=1/FAILURE", "split": "held-out",
  "why": "The unit sets PARCEL_MODE and lost PARCEL_REGION." }
JSON
  host parcel-1
  app languages parcel-router
  unit parcel-router <<'U'
[Unit]
Description=Parcel router
[Service]
WorkingDirectory=/srv/parcel-router
Environment=PARCEL_MODE=plain HOME=/srv
ExecStart=/usr/bin/elixir router.exs
Restart=on-failure
RestartSec=1
U
  systemctl start parcel-router
  sleep 14
  journal journal.log -u parcel-router
}

case_unhandled_exception_elixir_zone() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "parcel-router", "log": "router.log",
  "proof": ["(FunctionClauseError) no function clause matching in Parcel.Router.zone/1"],
  "program": "elixir 1.14 on erlang 25", "form": "application-log", "hides": "GenServer terminating, depot answered late", "split": "held-out",
  "why": "A parcel without a zone matches no clause; the server is restarted, meets it again, and the supervisor gives up." }
JSON
  host parcel-3
  app languages parcel-router
  PARCEL_MODE=zip PARCEL_REGION=north PARCEL_SECONDS=5 start router.log elixir router.exs
  wait $last
}

case_no_incident_elixir_restarted_child() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "router.log", "proof": [],
  "program": "elixir 1.14 on erlang 25", "form": "application-log", "hides": "GenServer Parcel.Router terminating, (RuntimeError) depot table is being rebuilt", "split": "held-out",
  "why": "One worker crashed while a table was rebuilt; its supervisor started it again, and every parcel since was routed." }
JSON
  host parcel-5
  app languages parcel-router
  PARCEL_MODE=once PARCEL_REGION=north PARCEL_SECONDS=8 start router.log elixir router.exs
  wait $last
}

case_unhandled_exception_ocaml_forecast() {
  about <<'JSON'
{ "category": "unhandled-exception", "app": "forecast", "log": "forecast.log",
  "proof": ["Fatal error: exception Division_by_zero"],
  "program": "ocaml 4.13", "form": "application-log", "hides": "warning: article chair has no history", "split": "held-out",
  "why": "The mean of an article without history divides by zero." }
JSON
  host forecast-1
  app languages forecast
  ocamlfind ocamlopt -g -package unix -linkpkg forecast.ml -o forecast 2>/dev/null || ocamlopt -g unix.cmxa forecast.ml -o forecast
  OCAMLRUNPARAM=b start forecast.log ./forecast all
  wait $last
}

case_heap_exhausted_lisp_index() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "index-builder", "log": "index.log",
  "proof": ["Heap exhausted"],
  "program": "sbcl 2.2", "form": "application-log", "hides": "Gen Boxed Unboxed table, fatal error encountered in SBCL", "split": "held-out",
  "why": "The index does not fit in the 64 MB that the Lisp was given." }
JSON
  host index-1
  cat >/srv/index.lisp <<'L'
(defvar *index* nil)
(loop for n from 1 to 400
      do (push (make-array 40000 :initial-element n) *index*)
         (when (zerop (mod n 20)) (format t "index-builder: ~a documents read, ~a terms~%" (* n 250) (* n 40000)) (finish-output)))
L
  start index.log sbcl --dynamic-space-size 64MB --non-interactive --load /srv/index.lisp
  wait $last
}

case_stack_overflow_prolog_planner() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "planner", "log": "planner.log",
  "proof": ["Stack limit (4.0Mb) exceeded"],
  "program": "swi-prolog 9", "form": "application-log", "hides": "route found lines, Warning of a clause that is not together, goal (directive) failed", "split": "held-out",
  "why": "Two stations are each other's next one, and the search for a route goes round until its stack is used up." }
JSON
  host planner-1
  mkdir -p /srv/planner && cd /srv/planner || exit 1
  cat >planner.pl <<'P'
next(a, b). next(b, c). next(c, d).
next(x, y). next(y, x).
route(S, S, []).
route(S, T, [N|R]) :- next(S, N), route(N, T, R).
plan(S, T) :- get_time(Now), format_time(string(D), '%FT%T', Now),
  catch((route(S, T, R) -> format('~w info route ~w to ~w: ~w, 0 failed~n', [D, S, T, R]) ; format('~w info no route ~w to ~w~n', [D, S, T])),
        E, (message_to_codes(E, M), format('~w info route ~w to ~w not found:~n~s~n', [D, S, T, M]))).
message_to_codes(E, M) :- message_to_lines(E, L), with_output_to(codes(M), print_message_lines(current_output, '  ', L)).
message_to_lines(E, L) :- phrase(prolog:translate_message(E), L) -> true ; '$messages':translate_message(E, L, []).
main :- forall(member(S-T, [a-d, b-c, d-a, a-c, x-d, a-b, y-a, b-d]), plan(S, T)).
P
  swipl --stack-limit=4m -q -g main -t halt planner.pl >"$evidence/planner.log" 2>&1
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
