using System.Buffers;
using Shortline.Grains.Handlers;

namespace Shortline.Grains.ExternalServers;

/// <summary>Forwards every request to an external server.</summary>
/// <param name="forwarder">Sends the requests.</param>
/// <param name="endPoint">Returns where the external server is now, because it may move; null if it is gone.</param>
internal sealed class ForwardingHandler(ExternalForwarder forwarder, Func<ExternalServerEndPoint?> endPoint) : IWorkHandler
{
    public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken) => endPoint() is { } to
        ? new(forwarder.Ask(to, request, result, cancellationToken))
        : new(WorkOutcome.Of(WorkOutcomeKind.Rejected, "the external server is gone"));
}
