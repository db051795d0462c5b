using System.Collections.Concurrent;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>A gateway that records the responses that it receives, and ignores those that it has already, as the product does.</summary>
/// <remarks>A server repeats a push that is not acknowledged in time, which happens on a busy machine.</remarks>
internal sealed class RecordingGateway : IGatewayObserver
{
    private readonly ConcurrentDictionary<(string Server, long Incarnation, long Sequence), bool> _seen = new();

    public ConcurrentQueue<ResponseBatch> Batches { get; } = new();

    public IReadOnlyList<Answer> Answers => [.. Batches.SelectMany(Answer.Of)];

    public Task OnResponses(ResponseBatch responses)
    {
        if (_seen.TryAdd((responses.ServerId, responses.Incarnation, responses.Sequence), true))
            Batches.Enqueue(responses);
        return Task.CompletedTask;
    }

    public Task OnRanking(ServerRanking ranking) => Task.CompletedTask;
}
