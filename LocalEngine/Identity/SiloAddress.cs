namespace Orleans.Runtime;

/// <summary>Where a silo is, and which run of it: a restarted silo has a larger generation. Each silo makes one, for all to share.</summary>
public sealed class SiloAddress
{
    internal SiloAddress(int port, int generation)
    {
        Port = port;
        Generation = generation;
    }

    internal int Port { get; }

    internal int Generation { get; }

    /// <summary>In the notation of logs: <c>S127.0.0.1:11111:1</c>.</summary>
    public override string ToString() => $"S127.0.0.1:{Port}:{Generation}";
}
