using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Shortline.Gateway.Requests;

/// <summary>
/// The slots of the servers that had a request before, so that it goes to another one. It holds the last eight: a request seldom meets more.
/// </summary>
internal struct TriedServers
{
    private const int Most = 8;

    private Slots _slots;
    private int _count;

    /// <summary>Whether no server had the request.</summary>
    public readonly bool IsEmpty => _count == 0;

    /// <summary>Adds a server. The ninth replaces the first.</summary>
    public void Add(int slot)
    {
        Remove(slot);
        if (_count == Most)
            Remove(_slots[0]);
        _slots[_count++] = slot;
    }

    /// <summary>Removes a server, which may get the request again.</summary>
    public void Remove(int slot)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_slots[i] != slot)
                _slots[kept++] = _slots[i];
        }

        _count = kept;
    }

    /// <summary>The slots.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<int> AsSpan() => MemoryMarshal.CreateReadOnlySpan(in _slots[0], _count);

    [InlineArray(Most)]
    private struct Slots
    {
        private int _first;
    }
}
