using System.Buffers;

namespace Shortline.Grains;

/// <summary>Has every request done by a program of somebody else's.</summary>
/// <param name="forwarder">Sends it there.</param>
/// <param name="program">Where the program is; it may move.</param>
internal sealed class ForwardingHandler(ExternalForwarder forwarder, Func<ExternalEndPoint?> program) : IWorkHandler
{
    public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken) => program() is { } to
        ? new(forwarder.Ask(to, request, result, cancellationToken))
        : new(WorkOutcome.Of(WorkOutcomeKind.Rejected, "the server's program is gone"));
}
