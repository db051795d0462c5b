using System.Net;

namespace Orleans.Runtime;

/// <summary>Where a silo is, and which run of it: a restarted silo has a larger generation.</summary>
public sealed class SiloAddress : IEquatable<SiloAddress>
{
    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
    }

    /// <summary>Address and port.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>The run.</summary>
    public int Generation { get; }

    /// <summary>Makes it of its parts.</summary>
    public static SiloAddress New(IPEndPoint ep, int gen) => new(ep, gen);

    /// <summary>Makes it of its parts.</summary>
    public static SiloAddress New(IPAddress address, int port, int generation) => new(new IPEndPoint(address, port), generation);

    /// <inheritdoc/>
    public bool Equals(SiloAddress? other) =>
        other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Endpoint, Generation);

    /// <summary>In the notation of logs: <c>S127.0.0.1:11111:1</c>.</summary>
    public override string ToString() => $"S{Endpoint}:{Generation}";

    /// <summary>In a notation without anything but address, port and run: <c>127.0.0.1:11111@1</c>.</summary>
    public string ToParsableString() => $"{Endpoint}@{Generation}";
}
