using Microsoft.Extensions.Time.Testing;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.Grains.ExternalServers;

namespace Shortline.Unit.Tests.Grains.ExternalServers;

public sealed class LatestReportsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LatestReports _latest;

    public LatestReportsTests() => _latest = new LatestReports(_time);

    [Fact]
    public void A_signed_report_counts_once_and_only_after_earlier_ones()
    {
        Assert.True(_latest.TryTake(Report("7", 100)));
        Assert.False(_latest.TryTake(Report("7", 100)));
        Assert.False(_latest.TryTake(Report("7", 99)));
        Assert.True(_latest.TryTake(Report("7", 101)));
        Assert.True(_latest.TryTake(Report("8", 50)));
    }

    [Fact]
    public void Reports_without_a_time_always_count()
    {
        Assert.True(_latest.TryTake(Report("7", 0)));
        Assert.True(_latest.TryTake(Report("7", 0)));
    }

    [Fact]
    public void Times_are_kept_for_as_long_as_a_gateway_accepts_a_replay_and_their_number_is_limited()
    {
        for (var i = 0; i < LatestReports.Limit; i++)
            Assert.True(_latest.TryTake(Report($"{i}", 100)));
        Assert.False(_latest.TryTake(Report("more", 100)));

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(_latest.TryTake(Report("more", 100)));
        Assert.False(_latest.TryTake(Report("0", 100)));

        _time.Advance(LatestReports.Kept);
        Assert.True(_latest.TryTake(Report("more", 100)));
    }

    private static ExternalReport Report(string identity, long sentAt) =>
        new() { Id = ExternalServerId.Of(identity), Address = "10.0.0.9", Port = 50_007, SentAt = sentAt };
}
