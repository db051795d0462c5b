using Shortline.Client.Tool.Load;
using Shortline.Playground.Clients;
using Shortline.Playground.Run;

namespace Shortline.Unit.Tests.Playground;

public sealed class LoadPlanTests
{
    [Fact]
    public void The_first_load_keeps_the_first_servers_busy_for_three_quarters_of_their_time()
    {
        var busy = LoadSteps.First(workers: 4) * ComputeTimes.Draw().Average() / 4;

        Assert.InRange(busy, 0.73, 0.77);
    }

    [Fact]
    public void Service_times_vary_more_than_exponential_ones()
    {
        var times = ComputeTimes.Draw();
        var mean = times.Average();
        var deviation = Math.Sqrt(times.Average(time => (time - mean) * (time - mean)));

        Assert.InRange(mean, 0.0155, 0.0165);
        Assert.InRange(deviation / mean, 1.2, 2);
    }

    [Fact]
    public void Recent_figures_forget_what_is_older_than_five_seconds()
    {
        var recent = new RecentLoad();
        recent.Figure(Views.Progress(0, seconds: 0));
        recent.Figure(Views.Progress(1000, seconds: 10, latencyMs: 100));

        var figures = recent.Figure(Add(Views.Progress(1000, seconds: 15, latencyMs: 100), 50, 10));

        Assert.Equal(10, figures.Rate, 3);
        Assert.Equal(10, figures.Percentile99.TotalMilliseconds, 0.2);
    }

    [Fact]
    public void Shares_are_of_the_last_seconds_and_together_one()
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
