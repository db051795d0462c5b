namespace Shortline.Balancing.Choosing;

/// <summary>
/// The state that a policy keeps per server, by <see cref="Candidate.Slot"/>. Its size is the largest number of servers that existed at the
/// same time.
/// </summary>
/// <typeparam name="T">The type of the state. Its default value is the state of a new server.</typeparam>
internal sealed class SlotTable<T>
    where T : struct
{
    private T[] _entries = new T[16];

    /// <summary>Returns a reference to the entry of a slot.</summary>
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
