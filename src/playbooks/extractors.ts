/** Patterns that read facts which several categories use, whatever went wrong. */
export const commonExtractors: readonly RegExp[] = [
  /(?:listening|listen|serving|served|running|started|bound|available|ready)(?: \w+){0,3} (?:on|at|to) (?:\w+ )?(?:port[ :=]+|(?:https?:\/\/)?(?:[\w.*-]+|\[[\w:]*\])?:)(?<listenPort>\d{2,5})\b/i,
  /(?:Tomcat|Netty|Jetty|Undertow) started on port(?:\(s\)|s)?:? (?<listenPort>\d{2,5})/i,
  /(?:Uvicorn running on|Now listening on:|Listening at:|Running on) https?:\/\/[^:\s]+:(?<listenPort>\d{2,5})/i,
  /"?(?:GET|HEAD) (?<servedPath>\/(?:[^\s?]*\/)?(?:health\w*|ready\w*|live\w*|ping|status|actuator\/[^\s?]+))(?:\?\S*)?(?: HTTP\/[\d.]+)?"?:? (?:- )?(?:status=)?200\b/i,
  /Started \S+ in (?<startSeconds>\d+(?:\.\d+)?) seconds/i,
  /(?:ready|started|startup complete|warm-?up (?:complete|done|finished)) (?:in|after) (?<startSeconds>\d+(?:\.\d+)?) ?s(?:ec(?:onds)?)?\b/i,
  /\bmeta\.helm\.sh\/release-name["']?[=:]\s*["']?(?<helmRelease>[a-z\d][\w.-]*)/,
  /\bargocd\.argoproj\.io\/tracking-id["']?[=:]\s*["']?(?<argoApplication>[a-z\d][\w.-]*):/,
  /\bhelm\.toolkit\.fluxcd\.io\/name["']?[=:]\s*["']?(?<fluxRelease>[a-z\d][\w.-]*)/,
];

/** A start that makes headway: steps counted, shares done, migrations applied. */
export const progress =
  /(?:loading|loaded|warming|warm-?up|migrat\w+|import\w*|index\w*|restor\w+|replay\w*|initiali[sz]\w+|starting|preparing|building|sync\w*|fetch\w*|progress)\b[^\n]*(?:\d ?%|\d ?(?:\/|of) ?\d|step \d|chunk \d|batch \d)/i;

/** The program serves or has begun to: what failed before was got over. */
export const servesAgain =
  /(?:listening (?:on|at)|serving (?:securely )?on (?:port\b|\[?[:\d])|ready to (?:accept|serve|handle)|accepting connections|server (?:is )?(?:started|ready|running)|startup complete|Started \S+ in [\d.]+ seconds|successfully started|(?:started|ready) in [\d.]+ ?m?s|is healthy\b|\bproxy is ready\b|health check (?:passed|ok))/i;

/** What a test run prints was provoked. */
export const testsPassed =
  /(?:^|\s)(?:ℹ |# )?fail 0$|Tests: +(?:\d+ (?:todo|skipped|pending), ){0,3}\d+ passed|100% tests passed, 0 tests failed|^ {0,20}Tests {2}\d+ passed \(\d+\)|(?:^|= )\d+ passed(?:, [\w ,]{1,80})? in [\d.]+s|Tests run: \d+, Failures: 0, Errors: 0|\b\d{1,6} examples?, 0 failures|^PASS$/i;

/** Said of any failure that a program got over by itself. */
export const gotOver =
  /(?:retry (?:succeeded|successful)|succeeded (?:after|on) (?:\d+ )?(?:\w+ )?(?:attempt|retr|tr(?:y|ies))|(?:attempt|retry|try) #?\d+(?:\/\d+)? (?:succeeded|ok|successful)|connected (?:after|on) (?:\d+ )?(?:\w+ )?(?:attempt|retr)|\brecovered\b|\bJoin LAN completed\b|changed from (?:red|yellow|unhealthy|down) to (?:green|healthy|up)\b|back to normal|connection (?:restored|re-?established)|restored connection to|reconnected)/i;
