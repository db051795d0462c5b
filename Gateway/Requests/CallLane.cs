namespace Shortline.Gateway;

/// <summary>
/// Where the calls to a server are made, one at a time, by one loop, with the memory of the call under way. A call that is not answered ends the
/// lane, not the link: the next calls have another loop and other memory, and this one is left to its call.
/// </summary>
/// <remarks>Touched only under the dispatcher's lock, but for <see cref="Signal"/> and <see cref="Batch"/>, which have one owner at a time.</remarks>
internal sealed class CallLane(int batchLimit)
{
    /// <summary>Wakes the loop that makes the calls.</summary>
    public CallSignal Signal { get; } = new();

    /// <summary>The memory of the call that is under way.</summary>
    public BatchBuffer Batch { get; private set; } = new(batchLimit);

    /// <summary>Whether a call is under way or about to start.</summary>
    public bool Calling { get; set; }

    /// <summary>When the call under way was begun, as a timestamp; null while there is none.</summary>
    public long? CalledAt { get; set; }

    /// <summary>Whether the link has another lane by now.</summary>
    public bool Abandoned { get; set; }

    /// <summary>A failed call may still be on its way with this memory: it is not used again.</summary>
    public void RenewMemory() => Batch = new BatchBuffer(batchLimit);
}
