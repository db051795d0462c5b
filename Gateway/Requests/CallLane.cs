namespace Shortline.Gateway.Requests;

/// <summary>
/// Makes the calls to a server, one at a time: one loop, and the memory of the call in progress. If a call does not return, the link
/// abandons the lane and gets a new one with its own loop and memory.
/// </summary>
/// <remarks>
/// Protected by the dispatcher's lock, except <see cref="Signal"/> and <see cref="Batch"/>, which have one owner at a time.
/// </remarks>
internal sealed class CallLane(int batchLimit)
{
    /// <summary>Wakes the loop that makes the calls.</summary>
    public CallSignal Signal { get; } = new();

    /// <summary>The memory of the call in progress.</summary>
    public BatchBuffer Batch { get; private set; } = new(batchLimit);

    /// <summary>Whether a call is in progress or about to start.</summary>
    public bool Calling { get; set; }

    /// <summary>The number of the call in progress: see <see cref="ServerLink.Calls"/>.</summary>
    public long Call { get; set; }

    /// <summary>The timestamp at which the call in progress started; null if there is none.</summary>
    public long? CalledAt { get; set; }

    /// <summary>
    /// The timestamp at which the link abandoned the lane because its call did not return; null while the lane is in use.
    /// </summary>
    public long? AbandonedAt { get; set; }

    /// <summary>Whether the link has a new lane.</summary>
    public bool Abandoned => AbandonedAt is not null;

    /// <summary>Replaces the memory after a call that may still be using it.</summary>
    public void RenewMemory() => Batch = new BatchBuffer(batchLimit);
}
