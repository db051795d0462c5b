using Orleans;

namespace Shortline.GrainInterfaces;

/// <summary>
/// One backend server: a bounded first-in first-out queue, its workers and its work handlers. Key: <c>pool/id@silo</c>,
/// see <see cref="ServerKey"/>: it lives on that silo and ends with it.
/// </summary>
/// <remarks>
/// A server accepts work only between <see cref="Start"/> and <see cref="Drain"/>. An activation that nobody started (the
/// former one has ended, or a gateway's ranking is old) rejects everything with <see cref="RejectReason.NotStarted"/>, so work can never
/// land on a server that the controller does not know.
/// </remarks>
[Alias("Shortline.IServerGrain")]
public interface IServerGrain : IGrainWithStringKey
{
    /// <summary>Makes the server accept work. Safe to call again.</summary>
    /// <param name="after">
    /// The last <see cref="ServerResponse.Incarnation"/> known of this id, on whatever silo: the new one is larger, also where this machine's
    /// clock is behind.
    /// </param>
    /// <returns>The server's report right after.</returns>
    [Alias("Start")]
    Task<ServerResponse> Start(long after);

    /// <summary>
    /// Hands over a batch of requests. Never throws for what is expected: a request that is not accepted is in the receipt as a
    /// response with the status that says why.
    /// </summary>
    /// <param name="batch">The requests. Its memory belongs to the caller again once the call has returned: the server copies what it keeps.</param>
    /// <param name="replyTo">Where responses go that are not complete when this call returns.</param>
    /// <returns>The queue length after the batch, and the responses that are complete already.</returns>
    [Alias("Submit")]
    ValueTask<BatchReceipt> Submit(RequestBatch batch, IGatewayObserver replyTo);

    /// <summary>Takes no new work; what is queued or in service is still answered. Safe to call again.</summary>
    /// <returns>The server's report; <see cref="ServerStatus.Stopped"/> once nothing is left.</returns>
    [Alias("Drain")]
    Task<ServerResponse> Drain();

    /// <summary>
    /// Gives the requests that came last back, rejected with <see cref="RejectReason.Shared"/>, so that gateways hand them to servers
    /// with shorter lines: a fleet that has just grown shares out the line that made it grow.
    /// </summary>
    /// <param name="keep">Requests that stay in the queue, the oldest; at least 0.</param>
    [Alias("Share")]
    Task Share(int keep);

    /// <summary>
    /// Ends the server as a crash would: what is queued or in service is never answered. For servers that hang, and for showing
    /// what a loss looks like.
    /// </summary>
    [Alias("Kill")]
    Task Kill();

    /// <summary>The server's report now. Does not start anything.</summary>
    [Alias("GetStatus")]
    Task<ServerResponse> GetStatus();
}
