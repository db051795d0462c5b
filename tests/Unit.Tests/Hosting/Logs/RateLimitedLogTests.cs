using Microsoft.Extensions.Time.Testing;
using Shortline.Hosting.Logs;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Hosting.Logs;

public sealed class RateLimitedLogTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_repeated_message_passes_once_per_interval_with_the_number_of_suppressed_ones()
    {
        var limit = New();

        Assert.True(limit.TryPass("a", out var suppressed));
        Assert.Equal(0, suppressed);
        for (var i = 0; i < 5; i++)
            Assert.False(limit.TryPass("a", out _));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(limit.TryPass("a", out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(limit.TryPass("a", out suppressed));
        Assert.Equal(6, suppressed);
    }

    [Fact]
    public void Each_key_has_its_own_interval()
    {
        var limit = New();

        Assert.True(limit.TryPass("a", out _));
        Assert.True(limit.TryPass("b", out _));
        Assert.False(limit.TryPass("a", out _));
    }

    [Fact]
    public void Keys_beyond_the_limit_share_one_interval()
    {
        var limit = New(keyLimit: 2);

        var passed = Enumerable.Range(0, 1000).Count(i => limit.TryPass($"made up {i}", out _));

        Assert.Equal(3, passed);
    }

    [Fact]
    public async Task One_message_of_many_threads_passes_and_the_others_are_counted()
    {
        var limit = New();
        var passed = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (limit.TryPass("a", out var _))
                    Interlocked.Increment(ref passed);
            }
        })));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, passed);
        Assert.True(limit.TryPass("a", out var suppressed));
        Assert.Equal(7999, suppressed);
    }

    [Fact]
    public void A_suppressed_message_allocates_nothing()
    {
        var limit = new RateLimitedLog<int>(TimeProvider.System, TimeSpan.FromHours(1));
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                limit.TryPass(1, out _);
        }));
    }

    private RateLimitedLog<string> New(int keyLimit = 1024) => new(_time, TimeSpan.FromSeconds(1), keyLimit);
}
