using Shortline.GrainInterfaces.Requests;

namespace Shortline.GrainInterfaces.Servers;

/// <summary>
/// The servers of this silo, for a gateway in the same process: it hands requests over by a direct call. A grain call would cost two changes
/// of thread and the memory of its messages, for every server that gets a request.
/// </summary>
public interface ILocalServers
{
    /// <summary>Hands over a batch of requests as <see cref="IServerGrain.Submit"/> does.</summary>
    /// <param name="pool">The pool of the server.</param>
    /// <param name="id">The id of the server.</param>
    /// <param name="batch">The requests. The memory may be reused after the call, unless the receipt says otherwise.</param>
    /// <param name="replyTo">The receiver of responses that are not complete when this call returns.</param>
    /// <param name="memory">The memory of the receipt.</param>
    /// <param name="receipt">The responses that are complete already; valid until <paramref name="memory"/> is used again.</param>
    /// <returns>
    /// False if no server with this id runs here, or if it is busy with another call. Nothing is handed over then, and the caller makes a
    /// grain call instead, which waits for its turn without blocking a thread.
    /// </returns>
    bool TrySubmit(string pool, string id, in RequestBatch batch, IGatewayObserver replyTo, ReceiptMemory memory, out BatchReceipt receipt);
}
