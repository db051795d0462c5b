using System.Buffers;

namespace Shortline.Grains.Handlers;

/// <summary>Operation <c>echo</c>: the result is the payload.</summary>
internal sealed class EchoHandler : IWorkHandler
{
    public const string Operation = "echo";

    public bool RunsInline => true;

    public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        result.Write(request.Payload.Span);
        return new(WorkOutcome.Ok);
    }
}
