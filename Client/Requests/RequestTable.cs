using System.Numerics;

namespace Shortline.Client.Requests;

/// <summary>
/// The requests of one channel by id. A request's slot is its id modulo the table's size, so a response finds its request without a search.
/// An id whose slot a slow request still holds is skipped. The channel's lock guards all members, unless a comment says otherwise.
/// </summary>
internal sealed class RequestTable
{
    private readonly RequestSlot[] _slots;
    private readonly int _limit;
    private long _nextId;
    private long _oldest; // no request in flight has a smaller id; only the sweeping thread uses it
    private int _inFlight;

    /// <param name="firstId">The id of the first request.</param>
    /// <param name="limit">Requests in flight at most.</param>
    public RequestTable(long firstId, int limit)
    {
        _nextId = firstId;
        _oldest = firstId;
        _limit = limit;
        _slots = new RequestSlot[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, limit * 2))];
        foreach (ref var slot in _slots.AsSpan())
            slot.Id = -1;
    }

    /// <summary>Requests that have not ended. May be read without the lock.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>
    /// All slots, free ones included. May be scanned without the lock; a slot that looks right is checked again under it.
    /// </summary>
    public Span<RequestSlot> Slots => _slots;

    /// <summary>The slot of an id, whichever request holds it.</summary>
    public ref RequestSlot SlotOf(long id) => ref _slots[id & (_slots.Length - 1)];

    /// <summary>Reserves the next free id and counts its request as in flight.</summary>
    /// <returns>The id, or -1 if the limit is reached. The caller fills the slot.</returns>
    public long TryReserve()
    {
        if (_inFlight >= _limit)
            return -1;
        while (SlotOf(_nextId).State != SlotState.Free)
            _nextId++;
        _inFlight++;
        return _nextId++;
    }

    /// <summary>Frees a slot. Its id stays, so that a late response still finds it.</summary>
    public void Free(ref RequestSlot slot)
    {
        slot.State = SlotState.Free;
        slot.Context = null;
        slot.Tail = default;
        _inFlight--;
    }

    /// <summary>The ids that a sweep has to visit. Called by the sweeping thread, without the lock.</summary>
    public (long First, long End) SweepRange()
    {
        var end = Volatile.Read(ref _nextId);
        _oldest = Math.Max(_oldest, end - _slots.Length);
        return (_oldest, end);
    }

    /// <summary>Records the smallest id that a sweep found in flight. The next sweep begins there.</summary>
    public void EndSweep(long oldest) => _oldest = oldest;
}
