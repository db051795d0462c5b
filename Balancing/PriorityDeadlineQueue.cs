using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Shortline.Balancing;

/// <summary>
/// A bounded queue of items with priorities and deadlines: a <see cref="DeadlineQueue{T}"/> for each priority that is in use. Not safe for
/// several threads.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="limit">The maximum number of items of all priorities together, at least 1.</param>
public sealed class PriorityDeadlineQueue<T>(int limit)
{
    /// <summary>The number of priorities: 0, the lowest, to 9.</summary>
    public const int Priorities = 10;

    private readonly DeadlineQueue<T>?[] _queues = new DeadlineQueue<T>?[Priorities];

    /// <summary>A bit for each priority that has items.</summary>
    private uint _occupied;

    /// <summary>The maximum number of items.</summary>
    public int Limit { get; } = limit;

    /// <summary>The number of items.</summary>
    public int Count { get; private set; }

    /// <summary>The highest priority that has items; -1 for an empty queue.</summary>
    public int Highest => _occupied == 0 ? -1 : BitOperations.Log2(_occupied);

    /// <summary>The lowest priority that has items; <see cref="Priorities"/> for an empty queue.</summary>
    public int Lowest => _occupied == 0 ? Priorities : BitOperations.TrailingZeroCount(_occupied);

    /// <summary>A lower bound of all deadlines: see <see cref="DeadlineQueue{T}.EarliestDeadline"/>.</summary>
    public long EarliestDeadline
    {
        get
        {
            var earliest = long.MaxValue;
            for (var left = _occupied; left != 0; left &= left - 1)
                earliest = Math.Min(earliest, _queues[BitOperations.TrailingZeroCount(left)]!.EarliestDeadline);
            return earliest;
        }
    }

    /// <summary>Adds an item behind those of its priority.</summary>
    /// <param name="item">The item.</param>
    /// <param name="deadline">Its deadline.</param>
    /// <param name="priority">Its priority, 0 to 9.</param>
    /// <returns>Whether the queue was not full.</returns>
    public bool TryEnqueue(T item, long deadline, int priority)
    {
        if (Count == Limit)
            return false;
        var queue = _queues[priority] ??= new DeadlineQueue<T>(Limit);
        queue.TryEnqueue(item, deadline);
        _occupied |= 1u << priority;
        Count++;
        return true;
    }

    /// <summary>Removes the oldest item of the highest priority, expired or not.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryDequeue([MaybeNullWhen(false)] out T item) => TryTake(Highest, newest: false, out item);

    /// <summary>Removes the newest item of the highest priority, expired or not.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryTakeNewest([MaybeNullWhen(false)] out T item) => TryTake(Highest, newest: true, out item);

    /// <summary>Removes the newest item of the lowest priority, expired or not: the one that matters least.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryTakeLast([MaybeNullWhen(false)] out T item) => TryTake(Lowest, newest: true, out item);

    /// <summary>Moves every item whose deadline is at or before <paramref name="now"/> to the end of <paramref name="expired"/>.</summary>
    public void RemoveExpired(long now, ICollection<T> expired)
    {
        ArgumentNullException.ThrowIfNull(expired);
        for (var left = _occupied; left != 0; left &= left - 1)
        {
            var priority = BitOperations.TrailingZeroCount(left);
            var before = expired.Count;
            _queues[priority]!.RemoveExpired(now, expired);
            Count -= expired.Count - before;
            ClearIfEmpty(priority);
        }
    }

    private bool TryTake(int priority, bool newest, [MaybeNullWhen(false)] out T item)
    {
        item = default;
        if (Count == 0)
            return false;
        var queue = _queues[priority]!;
        var isTaken = newest ? queue.TryTakeLast(out item) : queue.TryDequeue(out item);
        Count--;
        ClearIfEmpty(priority);
        return isTaken;
    }

    private void ClearIfEmpty(int priority)
    {
        if (_queues[priority]!.Count == 0)
            _occupied &= ~(1u << priority);
    }
}
