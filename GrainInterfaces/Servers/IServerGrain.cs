using Orleans;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.GrainInterfaces.Servers;

/// <summary>
/// One backend server: a bounded first-in first-out queue, its workers and its work handlers. Key: <c>pool/id@silo</c>, see
/// <see cref="ServerKey"/>. The server lives on that silo and ends with it.
/// </summary>
/// <remarks>
/// A server accepts work only between <see cref="Start"/> and <see cref="Drain"/>. An activation that is not started (because the former
/// one has ended, or a gateway's ranking is old) rejects everything with <see cref="RejectReason.NotStarted"/>, so no work reaches a server
/// that the controller does not know.
/// </remarks>
[Alias("Shortline.IServerGrain")]
public interface IServerGrain : IGrainWithStringKey
{
    /// <summary>Makes the server accept work. Safe to call again.</summary>
    /// <param name="after">
    /// The last <see cref="ServerResponse.Incarnation"/> known of this id, on whatever silo. The new one is larger, even if this machine's
    /// clock is behind.
    /// </param>
    /// <returns>The server's report after the start.</returns>
    [Alias("Start")]
    Task<ServerResponse> Start(long after);

    /// <summary>
    /// Hands over a batch of requests. Never throws for what is expected: for a request that is not accepted, the receipt has a response
    /// whose status says why.
    /// </summary>
    /// <param name="batch">
    /// The requests. The caller may reuse the memory when the call has returned, because the server copies what it keeps.
    /// </param>
    /// <param name="replyTo">The receiver of responses that are not complete when this call returns.</param>
    /// <returns>The responses that are complete already, with the queue length after the batch.</returns>
    [Alias("Submit")]
    ValueTask<BatchReceipt> Submit(RequestBatch batch, IGatewayObserver replyTo);

    /// <summary>Accepts no new work and answers what is queued or in service. Safe to call again.</summary>
    /// <returns>The server's report; <see cref="ServerStatus.Stopped"/> once nothing is left.</returns>
    [Alias("Drain")]
    Task<ServerResponse> Drain();

    /// <summary>
    /// Rejects the requests that came last with <see cref="RejectReason.Shared"/>, so that gateways send them to servers with shorter
    /// queues. A fleet that has just grown spreads the queue that made it grow.
    /// </summary>
    /// <param name="keep">The number of requests that stay in the queue, the oldest ones; at least 0.</param>
    [Alias("Share")]
    Task Share(int keep);

    /// <summary>
    /// Ends the server as a crash would: what is queued or in service is never answered. For servers that hang, and to demonstrate a loss.
    /// </summary>
    [Alias("Kill")]
    Task Kill();

    /// <summary>Returns the server's present report. Does not start the server.</summary>
    [Alias("GetStatus")]
    Task<ServerResponse> GetStatus();
}
