using Shortline.Client.Tool.Load;
using Shortline.Playground.Run;

namespace Shortline.Unit.Tests.Playground;

public sealed class RecentLoadTests
{
    [Fact]
    public void Figures_cover_the_last_five_seconds()
    {
        var recent = new RecentLoad();
        recent.Figure(Views.Progress(0, seconds: 0));
        recent.Figure(Views.Progress(1000, seconds: 10, latencyMs: 100));

        var figures = recent.Figure(Add(Views.Progress(1000, seconds: 15, latencyMs: 100), 50, 10));

        Assert.Equal(10, figures.Rate, 3);
        Assert.Equal(10, figures.Percentile99.TotalMilliseconds, 0.2);
    }

    [Fact]
    public void Shares_of_servers_cover_the_last_seconds()
    {
        var recent = new RecentLoad();
        recent.Figure(Of(0, 1000, 0));
        var figures = recent.Figure(Of(5, 1030, 10));

        Assert.Equal(0.75, figures.Shares["a"], 6);
        Assert.Equal(0.25, figures.Shares["b"], 6);

        static LoadProgress Of(double seconds, long a, long b) => Views.Progress(0, seconds: seconds) with
        {
            Servers = System.Collections.Immutable.ImmutableSortedDictionary<string, long>.Empty.Add("a", a).Add("b", b),
        };
    }

    private static LoadProgress Add(LoadProgress before, int ok, int latencyMs)
    {
        var more = Views.Progress(ok, latencyMs: latencyMs);
        before.Latency.Add(more.Latency);
        return before with { Statuses = [before.Statuses[0] + ok, .. before.Statuses.Skip(1)] };
    }
}
