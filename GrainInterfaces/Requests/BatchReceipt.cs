using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.Requests;

/// <summary>
/// The result of <see cref="IServerGrain.Submit"/>: a response for each request that is finished or was not accepted. The others are queued
/// or in service, and answered through <see cref="IGatewayObserver.OnResponses"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("Shortline.BatchReceipt")]
public readonly record struct BatchReceipt
{
    /// <summary>The responses that are complete, with the server's queue.</summary>
    [Id(0)] public required ResponseBatch Done { get; init; }

    /// <summary>
    /// Whether a handler may still read the memory of the batch, which then must not be reused. It happens only if a handler that is
    /// registered to run inline awaits something, which is a fault of the handler.
    /// </summary>
    [Id(1)] public bool KeepsBatch { get; init; }
}
