using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;

namespace Shortline.Gateway.HandOver;

/// <summary>
/// Makes the calls to a server, one at a time. If a call does not return, the destination abandons the sender and gets a new one.
/// </summary>
/// <remarks>
/// Protected by the fleet's lock, except the content of <see cref="Batch"/>, which has one owner at a time.
/// </remarks>
internal sealed class BatchSender(Destination destination)
{
    public Destination Destination => destination;

    /// <summary>Makes the calls, together with those to other servers of the silo; null if the server is called directly.</summary>
    public SiloCalls? Silo { get; set; }

    /// <summary>The batch of the call in progress.</summary>
    public BatchBuffer? Batch { get; private set; }

    /// <summary>Whether a call is in progress or about to start.</summary>
    public bool Calling { get; set; }

    /// <summary>The timestamp at which the call in progress started; null if there is none.</summary>
    public long? CalledAt { get; set; }

    /// <summary>
    /// The timestamp at which the destination abandoned the sender because its call did not return; null while it is in use.
    /// </summary>
    public long? AbandonedAt { get; set; }

    /// <summary>Whether the destination has a new sender.</summary>
    public bool Abandoned => AbandonedAt is not null;

    /// <summary>Takes the next batch and begins a call.</summary>
    /// <returns>Whether there is a call to make.</returns>
    public bool TryBegin(long now, Clock clock)
    {
        if (Abandoned)
            return false;

        Batch = destination.Outbox.Take(now, clock);
        Calling = Batch is not null;
        CalledAt = Calling ? now : null;
        return Calling;
    }

    /// <summary>Ends the call in progress and returns its batch.</summary>
    public BatchBuffer? End()
    {
        var batch = Batch;
        (Batch, CalledAt) = (null, null);
        return batch;
    }

    /// <summary>Whether requests have come during the call, so that another call is needed.</summary>
    public bool MustGoOn() => Calling = !Abandoned && destination.Outbox.Count > 0;
}
