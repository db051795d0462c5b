using System.Collections.Concurrent;

namespace Shortline.Grains.Files;

/// <summary>Keeps the latest checksums, each for one version of a file, and drops the oldest first. Safe from any thread.</summary>
internal sealed class ChecksumCache
{
    /// <summary>Checksums kept at most: about 20 KB with paths of 100 characters.</summary>
    public const int Capacity = 64;

    private readonly ConcurrentDictionary<(string Path, FileVersion Version), string> _known = new();
    private readonly ConcurrentQueue<(string Path, FileVersion Version)> _order = new();

    /// <summary>Returns the checksum of a version of a file; null if it is not known.</summary>
    public string? Find(string path, FileVersion version) => _known.GetValueOrDefault((path, version));

    /// <summary>Adds a checksum.</summary>
    public void Keep(string path, FileVersion version, string checksum)
    {
        if (!_known.TryAdd((path, version), checksum))
            return;
        _order.Enqueue((path, version));
        while (_order.Count > Capacity && _order.TryDequeue(out var oldest))
            _known.TryRemove(oldest, out _);
    }
}
