using System.Collections.Immutable;
using Shortline.Playground.Run;
using Shortline.Playground.Screen;

namespace Shortline.Unit.Tests.Playground;

public sealed class SummaryLinesTests
{
    [Fact]
    public void The_summary_of_a_successful_run_has_all_figures_and_exit_code_0()
    {
        var load = Views.Progress(100, seconds: 10) with { Servers = ImmutableSortedDictionary<string, long>.Empty.Add("0", 75).Add("1", 25) };
        var view = Views.View(Views.Fleet(Views.Server("0"), Views.Server("1")), load, Views.Event(3, "server 1 is started"));
        var summary = new PlaySummary { Last = view, Sizes = [new(TimeSpan.Zero, 1), new(TimeSpan.FromSeconds(3), 2)], Logs = "/logs" };

        var text = string.Join('\n', SummaryLines.Of(summary));

        Assert.Equal(0, summary.ExitCode);
        Assert.Equal(
            """
            Summary
              run         10.0 s, shortest_queue, 10 clients, compute, 16 ms on average
              requests    100 started, 100 ok, 0 lost, 10/s
              answers     ok 100  error 0  rejected 0  expired 0  lost 0  no answer 0
              latency     p50 10.0 ms  p90 10.0 ms  p99 10.0 ms  p99.9 10.0 ms  max 10.0 ms
              retries     0 requests sent again
              servers        0         75 answers   75.0 %
                             1         25 answers   25.0 %
              fleet          0 s  1 server ready
                             3 s  2 servers ready
              events         3 s  server 1 is started
              logs        /logs
            Every request was answered ok.
            """,
            text);
    }

    [Fact]
    public void The_summary_of_a_run_with_failures_counts_them_and_has_exit_code_1()
    {
        var summary = new PlaySummary { Last = Views.View(Views.Fleet(), Views.Progress(97, rejected: 2, noAnswer: 1)) };

        var lines = SummaryLines.Of(summary).ToList();

        Assert.Equal(1, summary.ExitCode);
        Assert.Equal("3 of 100 requests were not answered ok.", lines[^1]);
        Assert.Contains("  requests    100 started, 97 ok, 1 lost, 99/s", lines);
    }

    [Fact]
    public void The_summary_of_a_run_without_requests_has_exit_code_1()
    {
        var summary = new PlaySummary { Last = Views.View(Views.Fleet(), Views.Progress(0)) };

        Assert.Equal(1, summary.ExitCode);
        Assert.Equal("No request was sent.", SummaryLines.Of(summary).Last());
    }

    [Fact]
    public void The_summary_lists_only_the_last_events()
    {
        var events = Enumerable.Range(0, 50).Select(i => Views.Event(i, $"event {i}")).ToArray();
        var summary = new PlaySummary { Last = Views.View(Views.Fleet(), null, events) };

        var text = string.Join('\n', SummaryLines.Of(summary));

        Assert.Contains("  events              (30 earlier)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("event 29", text, StringComparison.Ordinal);
        Assert.Contains("event 30", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_weights_are_beside_the_shares()
    {
        var load = Views.Progress(100) with { Servers = ImmutableSortedDictionary<string, long>.Empty.Add("0", 75).Add("1", 20).Add("2", 5) };
        var view = Views.View(Views.Fleet(Views.Server("0", weight: 9), Views.Server("1", weight: 3)), load);

        var lines = SummaryLines.Of(new PlaySummary { Last = view }).ToList();

        Assert.Contains(lines, line => line.EndsWith("75 answers   75.0 %  weight 9", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(" 5 answers    5.0 %", StringComparison.Ordinal));
    }
}
