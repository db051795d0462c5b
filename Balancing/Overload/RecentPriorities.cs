using System.Numerics;

namespace Shortline.Balancing.Overload;

/// <summary>The priorities of requests in the current interval and the one before it. Not safe for several threads.</summary>
public sealed class RecentPriorities
{
    // A bit for each priority.
    private uint _current;
    private uint _before;

    /// <summary>Notes a request.</summary>
    /// <param name="priority">Its priority, 0 to 31.</param>
    public void Add(int priority) => _current |= 1u << priority;

    /// <summary>Begins the next interval.</summary>
    public void Advance() => (_before, _current) = (_current, 0);

    /// <summary>Whether there were requests of lower priorities, and none of a higher one.</summary>
    public bool IsHighestOfSeveral(int priority)
    {
        var all = _current | _before;
        return BitOperations.PopCount(all) > 1 && BitOperations.Log2(all) <= priority;
    }
}
