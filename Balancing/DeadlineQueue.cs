using System.Diagnostics.CodeAnalysis;

namespace Shortline.Balancing;

/// <summary>
/// A bounded first-in first-out queue of items with deadlines. Its ring buffer grows up to the limit and then allocates no more.
/// Not safe for several threads.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="limit">The maximum number of items, at least 1.</param>
public sealed class DeadlineQueue<T>(int limit)
{
    private const int FirstCapacity = 16;

    private Entry[] _ring = new Entry[Math.Min(limit, FirstCapacity)];
    private int _head;

    /// <summary>The maximum number of items.</summary>
    public int Limit { get; } = limit;

    /// <summary>The number of items.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// A lower bound of all deadlines, in the caller's unit of time; <see cref="long.MaxValue"/> for an empty queue. It is exact after
    /// <see cref="RemoveExpired"/>. Later it may be the deadline of an item that has been taken.
    /// </summary>
    public long EarliestDeadline { get; private set; } = long.MaxValue;

    /// <summary>Adds an item at the end.</summary>
    /// <returns>Whether the queue was not full.</returns>
    public bool TryEnqueue(T item, long deadline)
    {
        if (Count == Limit)
            return false;

        if (Count == _ring.Length)
            Grow();

        _ring[Wrap(_head + Count)] = new Entry(item, deadline);
        Count++;
        EarliestDeadline = Math.Min(EarliestDeadline, deadline);
        return true;
    }

    /// <summary>Removes the oldest item, expired or not.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        if (Count == 0)
        {
            item = default;
            return false;
        }

        item = _ring[_head].Item;
        _ring[_head] = default; // so that the ring does not keep the item alive
        _head = Wrap(_head + 1);
        if (--Count == 0)
            EarliestDeadline = long.MaxValue;

        return true;
    }

    /// <summary>Removes the newest item, expired or not.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryTakeLast([MaybeNullWhen(false)] out T item)
    {
        if (Count == 0)
        {
            item = default;
            return false;
        }

        ref var last = ref _ring[Wrap(_head + --Count)];
        item = last.Item;
        last = default;
        if (Count == 0)
            EarliestDeadline = long.MaxValue;

        return true;
    }

    /// <summary>
    /// Moves every item whose deadline is at or before <paramref name="now"/> to the end of <paramref name="expired"/>. The others keep
    /// their order. Returns at once before <see cref="EarliestDeadline"/>; otherwise it passes once over the queue.
    /// </summary>
    public void RemoveExpired(long now, ICollection<T> expired)
    {
        ArgumentNullException.ThrowIfNull(expired);
        if (EarliestDeadline > now)
            return;

        var kept = 0;
        var earliest = long.MaxValue;
        for (var i = 0; i < Count; i++)
        {
            var entry = _ring[Wrap(_head + i)];
            if (entry.Deadline <= now)
            {
                expired.Add(entry.Item);
                continue;
            }

            _ring[Wrap(_head + kept)] = entry;
            earliest = Math.Min(earliest, entry.Deadline);
            kept++;
        }

        for (var i = kept; i < Count; i++)
            _ring[Wrap(_head + i)] = default;

        Count = kept;
        EarliestDeadline = earliest;
    }

    private int Wrap(int index) => index >= _ring.Length ? index - _ring.Length : index;

    private void Grow()
    {
        var larger = new Entry[Math.Min(Limit, _ring.Length * 2)];
        for (var i = 0; i < Count; i++)
            larger[i] = _ring[Wrap(_head + i)];

        _ring = larger;
        _head = 0;
    }

    private readonly record struct Entry(T Item, long Deadline);
}
