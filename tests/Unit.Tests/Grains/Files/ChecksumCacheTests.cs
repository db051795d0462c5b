using Shortline.Grains.Files;

namespace Shortline.Unit.Tests.Grains.Files;

public sealed class ChecksumCacheTests
{
    [Fact]
    public void The_cache_is_bounded_and_drops_the_oldest_checksum()
    {
        var cache = new ChecksumCache();
        for (var i = 0; i < 2 * ChecksumCache.Capacity; i++)
            cache.Keep("/a", new FileVersion(i, DateTime.UnixEpoch), $"{i}");
        Assert.Null(cache.Find("/a", new FileVersion(ChecksumCache.Capacity - 1, DateTime.UnixEpoch)));
        Assert.Equal($"{ChecksumCache.Capacity}", cache.Find("/a", new FileVersion(ChecksumCache.Capacity, DateTime.UnixEpoch)));
    }
}
