using System.Collections.Concurrent;

namespace Shortline.Grains;

/// <summary>The latest checksums of files, each good for one state of its file; the oldest go first. Safe from any thread.</summary>
internal sealed class ChecksumCache
{
    /// <summary>Checksums kept: some 20 KB with paths of 100 characters.</summary>
    public const int Capacity = 64;

    private readonly ConcurrentDictionary<(string Path, FileVersion Version), string> _known = new();
    private readonly ConcurrentQueue<(string Path, FileVersion Version)> _order = new();

    /// <summary>The checksum of a file in that state; null if it is not known.</summary>
    public string? Find(string path, FileVersion version) => _known.GetValueOrDefault((path, version));

    public void Keep(string path, FileVersion version, string checksum)
    {
        if (!_known.TryAdd((path, version), checksum))
            return;
        _order.Enqueue((path, version));
        while (_order.Count > Capacity && _order.TryDequeue(out var oldest))
            _known.TryRemove(oldest, out _);
    }
}
