using System.Buffers;

namespace Shortline.Grains.Handlers;

/// <summary>Handles the requests of one operation. One instance serves all servers of a silo, many requests at once.</summary>
/// <remarks>
/// Register it in one line: <c>services.AddWorkHandler&lt;MyHandler&gt;("my_operation")</c>. A request may run twice if its server is lost
/// or stalls. Where that matters, a handler uses <see cref="WorkRequest.Id"/> with <see cref="WorkRequest.ClientId"/> as a key to recognise
/// repeats, or clients send <c>"idempotent": false</c>.
/// </remarks>
public interface IWorkHandler
{
    /// <summary>
    /// True if the handler completes at once and never blocks or awaits: it then runs on the thread that hands the request over, which is
    /// fastest, and is never cancelled. False, the default, if it may await: it then runs on the thread pool, and while it awaits it takes one of
    /// the server's workers but no thread.
    /// </summary>
    bool RunsInline => false;

    /// <summary>Handles one request.</summary>
    /// <param name="request">The request. Its memory is valid until the handler has completed.</param>
    /// <param name="result">
    /// Takes the result as one JSON value of at most 64,000 bytes. If nothing is written, the result is <c>null</c>. Valid until the
    /// handler has completed.
    /// </param>
    /// <param name="cancellationToken">Cancelled at the request's deadline, after which no client waits for the result.</param>
    /// <returns>
    /// The outcome. An exception counts as <see cref="WorkOutcome.Error"/>, with the exception's message if <c>server.expose_errors</c>
    /// allows it.
    /// </returns>
    ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken);
}

/// <summary>A work handler as a delegate; see <see cref="IWorkHandler.Handle"/>.</summary>
/// <param name="request">The request.</param>
/// <param name="result">Takes the result as one JSON value.</param>
/// <param name="cancellationToken">Cancelled when the request's time is over.</param>
public delegate ValueTask<WorkOutcome> WorkDelegate(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken);
