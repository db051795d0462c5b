using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>Where a silo is, and which run of it: a restarted silo has a larger generation.</summary>
public sealed class SiloAddress : IEquatable<SiloAddress>
{
    private static readonly DateTimeOffset Epoch = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static int _lastGeneration;

    internal SiloAddress(int port, int generation)
    {
        Port = port;
        Generation = generation;
    }

    /// <summary>Which run of the silo: seconds since 2022 at its start, or more if several started within one.</summary>
    public int Generation { get; }

    internal int Port { get; }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] SiloAddress? other) => other is not null && Port == other.Port && Generation == other.Generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Port ^ Generation;

    /// <summary>In the notation of logs: <c>S127.0.0.1:11111:1</c>.</summary>
    public override string ToString() => $"S127.0.0.1:{Port}:{Generation}";

    internal static int NextGeneration(TimeProvider time)
    {
        var seconds = (int)(time.GetUtcNow() - Epoch).TotalSeconds;
        int last;
        int next;
        do
        {
            last = Volatile.Read(ref _lastGeneration);
            next = Math.Max(seconds, last + 1);
        }
        while (Interlocked.CompareExchange(ref _lastGeneration, next, last) != last);
        return next;
    }
}
