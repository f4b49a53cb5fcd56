"""`wireshape check`."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import click

from wireshape.cli import answer_options, live_options, options, sources
from wireshape.cli.answer_options import AnswerOptions
from wireshape.cli.options import ReportOptions
from wireshape.cli.output import finish, keep_apart, say_idle
from wireshape.cli.sources import Sources
from wireshape.errors import UsageError


@click.command(
    cls=options.Command,
    short_help="Check recorded answers against their contracts.",
    examples=["--bundled", "recordings session.har", "answer.json --endpoint {endpoint}", "--live testnet"],
)
@sources.option
@answer_options.answers
@click.option("--live", metavar="ENVIRONMENT", multiple=True, help=live_options.LIVE_HELP)
@live_options.TIMEOUT
@click.option(
    "--engine",
    type=options.OneOf(["fast", "reference"]),
    metavar="ENGINE",
    default="fast",
    help="The validator: fast is jsonschema-rs, reference is jsonschema. By default fast; both find the same.",
)
@click.option(
    "--max-age", type=options.WholeNumber(min=0), metavar="DAYS", help="Report recordings that are older than this."
)
@options.report(hook=True)
def check(
    *,
    given: Sources,
    answer_options: AnswerOptions,
    live: tuple[str, ...],
    timeout: float,
    engine: str,
    max_age: int | None,
    report_options: ReportOptions,
) -> None:
    """Check recorded answers against the contract of their endpoint and mode.

    INPUT is a recording, a bare JSON body, a folder of these, or - for standard input. Recordings are cassettes of
    vcrpy, VCR, betamax, go-vcr, php-vcr and ExVCR, HAR files, what nock, Polly.js and talkback record, mocks of
    WireMock, MockServer, Hoverfly and gocryptotrader, responses saved with Postman and Bruno, static tests of ccxt,
    HTTP as curl prints it, NDJSON, logs, and transcripts of wscat and websocat; gzip and zstd are undone.
    Without INPUT, standard input is read; in a terminal, the recordings that --bundled names are checked instead.
    With --live, the answers that the exchange gives now are checked.

    An answer is judged as of the day of its recording, else of --as-of, else today: fields have come and gone. An
    input is a regular file of at most 72 MB.
    """
    from wireshape.catalog import endpoints
    from wireshape.check import run as checking
    from wireshape.cli import progress
    from wireshape.findings import acceptance
    from wireshape.inputs import assignment, pointers, read
    from wireshape.inputs.context import Context

    catalog = endpoints.load()
    mode, day, body_at = answer_options.mode, answer_options.as_of, answer_options.body_at
    assigned = assignment.parse(answer_options.endpoint, catalog)
    if live and assigned.rows:
        raise UsageError("--live takes no PATTERN=ID: there are no files; --endpoint ID asks this endpoint only")
    if live:
        _require_live(given, answer_options, report_options)
        keep_apart(report_options, [])
        from wireshape.disguise.answers import disguised

        asked = live_options.run_live(live, catalog, assigned.rest, timeout)
        # A report may be public: what it shows of an answer are amounts of the same form, not those of the account.
        report = checking.check(disguised(asked.items), catalog, engine)
        finish(replace(report, coverage=asked.coverage), report_options)
    if mode:
        catalog.require_mode(mode, None if assigned.rows else assigned.rest)
    if body_at:
        pointers.parse(body_at)
    selection = sources.selected(given)
    sources.say_left_out(selection)
    keep_apart(report_options, [each.path for each in selection.inputs if each.path])
    say_idle(assigned, (each.name for each in selection.inputs))
    context = Context(catalog=catalog, assigned=assigned, mode=mode, body_at=body_at, day=day)
    answers = read.items(selection.inputs, context)
    found = chain(selection.problems, progress.track(answers, selection.inputs))
    report = checking.check(found, catalog, engine, max_age=max_age, as_of=day)
    finish(report, report_options, acceptance.of_files(report, (entry.file for entry in report.checked)))


def _require_live(given: Sources, answers: AnswerOptions, report: ReportOptions) -> None:
    """Raise UsageError where a call says with --live what the exchange says itself."""
    if given or answers.mode or answers.body_at:
        raise UsageError("--live takes neither INPUT nor --mode: the exchange gives the answers, the account the mode")
    if answers.as_of:
        raise UsageError("--live takes no --as-of: the exchange answers today")
    if report.allow_nothing:
        raise UsageError("--live takes no --allow-nothing: an exchange that answers nothing is not clean")
