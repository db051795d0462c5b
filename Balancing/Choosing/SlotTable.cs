namespace Shortline.Balancing;

/// <summary>What a policy remembers of each server, by <see cref="Candidate.Slot"/>. Grows with the highest slot, which is the most servers there were at once.</summary>
/// <typeparam name="T">What it remembers; its default is what is known of a new server.</typeparam>
internal sealed class SlotTable<T>
    where T : struct
{
    private T[] _entries = new T[16];

    /// <summary>The entry of a slot, to be read and changed.</summary>
    public ref T this[int slot]
    {
        get
        {
            if (slot >= _entries.Length)
                Array.Resize(ref _entries, Math.Max(slot + 1, 2 * _entries.Length));
            return ref _entries[slot];
        }
    }
}
