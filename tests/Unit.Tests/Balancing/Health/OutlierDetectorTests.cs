using Shortline.Balancing.Health;

namespace Shortline.Unit.Tests.Balancing.Health;

public sealed class OutlierDetectorTests
{
    private const int Servers = 10;

    private readonly OutlierDetector _detector = new(new OutlierSettings(), new Random(1));

    [Fact]
    public void Five_consecutive_failures_eject_a_server()
    {
        Fail(0, 4);
        _detector.Observe(0, failed: false, Servers, 0);
        Assert.Equal(OutlierVerdict.None, Fail(0, 4));

        Assert.Equal(OutlierVerdict.Ejected, Fail(0, 1));
        Assert.True(_detector.IsOut(0, 0));
    }

    [Fact]
    public void An_ejected_server_gets_one_trial_request_and_is_readmitted_if_that_succeeds()
    {
        Fail(0, 5);
        Assert.True(_detector.IsOut(0, 29_999));
        Assert.False(_detector.IsOut(0, 33_001));

        _detector.Picked(0, 33_001);
        Assert.True(_detector.IsOut(0, 33_002)); // The server stays out until the trial has ended.
        Assert.Equal(OutlierVerdict.Readmitted, _detector.Observe(0, failed: false, Servers, 33_010));
        Assert.False(_detector.IsOut(0, 33_010));
        Assert.Equal(0, _detector.Ejected);
    }

    [Fact]
    public void A_failed_trial_ejects_the_server_for_longer_up_to_a_limit()
    {
        Fail(0, 5);
        var now = 0.0;
        foreach (var seconds in (int[])[30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300])
        {
            Assert.True(_detector.IsOut(0, now + (seconds * 1000) - 1));
            now += seconds * 1100;
            Assert.False(_detector.IsOut(0, now));
            _detector.Picked(0, now);
            _detector.Observe(0, failed: true, Servers, now);
        }
    }

    [Fact]
    public void Requests_sent_before_the_ejection_do_not_change_it()
    {
        Fail(0, 5);
        Fail(0, 100);
        Assert.False(_detector.IsOut(0, 33_001));
        Assert.Equal(OutlierVerdict.None, _detector.Observe(0, failed: false, Servers, 1));
        Assert.True(_detector.IsOut(0, 29_999));
    }

    [Fact]
    public void A_trial_without_a_result_is_followed_by_another()
    {
        Fail(0, 5);
        _detector.Picked(0, 33_001);

        Assert.True(_detector.IsOut(0, 63_000));
        Assert.False(_detector.IsOut(0, 63_001));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(10, 1)]
    [InlineData(25, 2)]
    public void At_most_a_tenth_of_the_servers_but_at_least_one_of_several_is_ejected(int servers, int most)
    {
        for (var slot = 0; slot < servers; slot++)
        {
            for (var i = 0; i < 5; i++)
                _detector.Observe(slot, failed: true, servers, 0);
        }

        Assert.Equal(most, _detector.Ejected);
    }

    [Fact]
    public void Time_without_ejection_shortens_the_next_one()
    {
        Fail(0, 5);
        _detector.Picked(0, 40_000);
        _detector.Observe(0, failed: true, Servers, 40_000); // The second ejection, which lasts 60 s.
        _detector.Picked(0, 110_000);
        _detector.Observe(0, failed: false, Servers, 110_000);

        Fail(0, 5, at: 110_000 + 30_001); // One period of 30 s without ejection: the next one counts as the second again.
        Assert.True(_detector.IsOut(0, 140_001 + 59_999));
        Assert.False(_detector.IsOut(0, 140_001 + 66_001));
    }

    [Fact]
    public void A_removed_server_no_longer_counts_as_ejected()
    {
        Fail(0, 5);
        _detector.Removed(0);

        Assert.Equal(0, _detector.Ejected);
        Assert.False(_detector.IsOut(0, 0));
        Assert.Equal(OutlierVerdict.Ejected, Fail(1, 5));
    }

    [Fact]
    public void Zero_failures_disable_the_detector()
    {
        var off = new OutlierDetector(new OutlierSettings(Failures: 0), new Random(1));
        for (var i = 0; i < 100; i++)
            Assert.Equal(OutlierVerdict.None, off.Observe(0, failed: true, Servers, 0));
    }

    private OutlierVerdict Fail(int slot, int times, double at = 0)
    {
        var verdict = OutlierVerdict.None;
        for (var i = 0; i < times; i++)
            verdict = _detector.Observe(slot, failed: true, Servers, at);
        return verdict;
    }
}
