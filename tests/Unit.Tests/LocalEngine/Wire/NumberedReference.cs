using Shortline.GrainInterfaces;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

internal sealed record NumberedReference(long Number) : IGatewayObserver
{
    public Task OnResponses(ResponseBatch responses) => throw new NotSupportedException();

    public Task OnRanking(ServerRanking ranking) => throw new NotSupportedException();
}
