namespace Shortline.Balancing.Choosing;

/// <summary>
/// The servers that a policy may choose, by slot, and without gaps for random choices. Every operation takes constant time.
/// </summary>
internal sealed class AvailableServers
{
    private const int None = -1;

    private readonly SlotTable<Entry> _bySlot = new();
    private int[] _slots = new int[16];

    /// <summary>The number of servers.</summary>
    public int Count { get; private set; }

    /// <summary>The server of a slot that is available.</summary>
    public ref readonly Candidate this[int slot] => ref _bySlot[slot].Server;

    /// <summary>Returns the slot at a position. An exclusion moves the last server to the position of the excluded one.</summary>
    /// <param name="position">0 to below <see cref="Count"/>.</param>
    public int At(int position) => _slots[position];

    /// <summary>Whether the server of a slot is available.</summary>
    public bool Has(int slot) => _bySlot[slot].IsAvailable;

    /// <summary>Adds a server, or changes it.</summary>
    public void Set(in Candidate server)
    {
        ref var entry = ref _bySlot[server.Slot];
        entry.Server = server;
        if (entry.IsAvailable)
            return;

        if (Count == _slots.Length)
            Array.Resize(ref _slots, 2 * Count);
        _slots[Count] = server.Slot;
        entry.Position = Count++;
        entry.IsAvailable = true;
    }

    /// <summary>Removes the server of a slot, if it is available.</summary>
    /// <returns>Whether it was.</returns>
    public bool Exclude(int slot)
    {
        ref var entry = ref _bySlot[slot];
        if (!entry.IsAvailable)
            return false;

        entry.IsAvailable = false;
        var last = _slots[--Count];
        _slots[entry.Position] = last;
        _bySlot[last].Position = entry.Position;
        return true;
    }

    /// <summary>Returns the slot of a random server that was not tried; -1 if there is none.</summary>
    public int Random(Random random, ReadOnlySpan<int> tried) => Count == 0 ? None : From(random.Next(Count), tried);

    /// <summary>
    /// Returns the slots of two different random servers that were not tried: the same one twice if there is only one, -1 if there is none.
    /// </summary>
    public (int First, int Second) TwoRandom(Random random, ReadOnlySpan<int> tried)
    {
        if (Random(random, tried) is var first && (first == None || Count == 1))
            return (first, first);

        // A position other than that of the first, without a loop: the last one stands for it.
        var position = random.Next(Count - 1);
        var second = From(position < _bySlot[first].Position ? position : position + 1, tried, first);
        return (first, second == None ? first : second);
    }

    /// <summary>The first server from a position on that was not tried. Few were, so it is near.</summary>
    private int From(int position, ReadOnlySpan<int> tried, int other = None)
    {
        for (var left = Count; left > 0; left--)
        {
            var slot = _slots[position];
            if (slot != other && !tried.Contains(slot))
                return slot;
            position = position + 1 < Count ? position + 1 : 0;
        }

        return None;
    }

    private struct Entry
    {
        public Candidate Server;
        public int Position;
        public bool IsAvailable;
    }
}
