using Orleans;

namespace Shortline.GrainInterfaces.Links;

/// <summary>
/// Where a gateway may connect to send requests to a silo without grain calls. The offer travels by a grain call, so whoever has it is a
/// member of the cluster.
/// </summary>
[GenerateSerializer, Immutable, Alias("Shortline.LinkOffer")]
public sealed record LinkOffer
{
    /// <summary>The time for which an offer is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>The IP address of the silo.</summary>
    [Id(0)] public required string Address { get; init; }

    /// <summary>The TCP port.</summary>
    [Id(1)] public required int Port { get; init; }

    /// <summary>
    /// The first <see cref="LinkFormat.TokenLength"/> bytes that the gateway sends on the connection. A secret, good for one connection.
    /// </summary>
    [Id(2)] public required byte[] Token { get; init; }

    /// <summary>Describes the offer without its secret.</summary>
    public override string ToString() => $"link to {Address}:{Port}";
}
