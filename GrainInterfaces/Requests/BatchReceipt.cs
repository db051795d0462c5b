using Orleans;
using Orleans.Concurrency;

namespace Shortline.GrainInterfaces;

/// <summary>
/// What <see cref="IServerGrain.Submit"/> returns: a response for each request that is finished or was not accepted. The others are
/// queued, and answered through <see cref="IGatewayObserver.OnResponses"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("Shortline.BatchReceipt")]
public readonly record struct BatchReceipt
{
    /// <summary>What is known already, with the server's queue.</summary>
    [Id(0)] public required ResponseBatch Done { get; init; }
}
