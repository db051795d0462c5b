using System.Buffers.Binary;
using System.IO.Hashing;

namespace Shortline.Balancing.Choosing;

/// <summary>
/// Points of servers on a ring of hashes (D. Karger et al., "Consistent hashing and random trees", 1997). A key belongs to the server of the
/// next point. If a server is added or removed, only the keys of its own points move.
/// </summary>
internal sealed class HashRing
{
    /// <summary>The points of a server of weight 1. The share of a server then varies by a tenth.</summary>
    public const int PointsPerWeight = 100;

    /// <summary>Larger weights count as this, so that one server takes at most 0.1 MB.</summary>
    public const int MostWeight = 64;

    private readonly SlotTable<int> _versions = new();
    private readonly List<Point> _new = [];
    private bool _isOld;
    private Point[] _points = [];

    /// <summary>The number of points.</summary>
    public int Count
    {
        get
        {
            Apply();
            return _points.Length;
        }
    }

    /// <summary>Adds the points of a server.</summary>
    /// <param name="slot">Its slot, which has no points.</param>
    /// <param name="hash">The hash of its id. The points depend on nothing else, so all gateways have the same ring.</param>
    /// <param name="weight">At least 1.</param>
    public void Add(int slot, ulong hash, int weight)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        for (var point = 0; point < PointsPerWeight * Math.Min(weight, MostWeight); point++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, point);
            _new.Add(new Point(XxHash3.HashToUInt64(number, (long)hash), slot, _versions[slot]));
        }

        _isOld = true;
    }

    /// <summary>Removes the points of a server.</summary>
    public void Remove(int slot)
    {
        _versions[slot]++;
        _isOld = true;
    }

    /// <summary>Returns the position of the point to which a key belongs.</summary>
    public int Find(ulong key)
    {
        Apply();
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, key);
        var hash = XxHash3.HashToUInt64(bytes);
        var (low, high) = (0, _points.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_points[middle].Hash < hash)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _points.Length ? low : 0;
    }

    /// <summary>Returns the slot of the server at a position.</summary>
    public int SlotAt(int position) => _points[position].Slot;

    /// <summary>
    /// Applies the changes since the last look-up together, in one pass: a fleet that starts adds thousands of servers.
    /// </summary>
    private void Apply()
    {
        if (!_isOld)
            return;

        _isOld = false;
        _new.Sort(static (a, b) => a.Hash.CompareTo(b.Hash));
        var merged = new Point[_points.Length + _new.Count];
        var (count, from) = (0, 0);
        foreach (var point in _new)
        {
            while (from < _points.Length && _points[from].Hash < point.Hash)
                Keep(_points[from++]);
            Keep(point);
        }

        while (from < _points.Length)
            Keep(_points[from++]);
        _points = merged[..count];
        _new.Clear();

        void Keep(in Point point)
        {
            if (point.Version == _versions[point.Slot])
                merged[count++] = point;
        }
    }

    /// <summary>A point of a server.</summary>
    /// <param name="Hash">Where it is on the ring.</param>
    /// <param name="Slot">The server.</param>
    /// <param name="Version">How often the points of the slot had been removed when it was added.</param>
    private readonly record struct Point(ulong Hash, int Slot, int Version);
}
