using System.Buffers;

namespace Shortline.Grains;

internal sealed class DelegateHandler(WorkDelegate handle) : IWorkHandler
{
    public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken) =>
        handle(request, result, cancellationToken);
}
