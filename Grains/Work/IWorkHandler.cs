using System.Buffers;

namespace Shortline.Grains;

/// <summary>What a server does with the requests of one operation. One instance serves all servers of a silo, many requests at once.</summary>
/// <remarks>
/// Register it in one line: <c>services.AddWorkHandler&lt;MyHandler&gt;("my_operation")</c>. A request may run twice, if a server is lost or
/// stalls while it has it; a handler for which that matters uses <see cref="WorkRequest.Id"/> with <see cref="WorkRequest.ClientId"/> as a key,
/// or clients send <c>"idempotent": false</c>.
/// </remarks>
public interface IWorkHandler
{
    /// <summary>
    /// True: the handler completes at once and never blocks or awaits; it runs on the server's own turn, which is fastest, and is never
    /// cancelled. False, the default: it runs on the thread pool and may await; while it does, it takes one of the server's workers, not
    /// a thread.
    /// </summary>
    bool RunsInline => false;

    /// <summary>Handles one request.</summary>
    /// <param name="request">The request. Its memory is valid until the handler has completed.</param>
    /// <param name="result">
    /// Takes the result as one JSON value of at most 64,000 bytes; nothing written is <c>null</c>. Valid until the handler has completed.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the request's time is over: nobody waits for the result any more.</param>
    /// <returns>How it went. An exception is an error with the exception's message.</returns>
    ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken);
}
