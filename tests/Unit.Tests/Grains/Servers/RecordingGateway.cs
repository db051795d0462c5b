using System.Collections.Concurrent;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>A gateway that records the responses that it receives.</summary>
internal sealed class RecordingGateway : IGatewayObserver
{
    public ConcurrentQueue<ResponseBatch> Batches { get; } = new();

    public IReadOnlyList<Answer> Answers => [.. Batches.SelectMany(Answer.Of)];

    public Task OnResponses(ResponseBatch responses)
    {
        Batches.Enqueue(responses);
        return Task.CompletedTask;
    }

    public Task OnRanking(ServerRanking ranking) => Task.CompletedTask;
}
