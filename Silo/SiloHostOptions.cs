namespace Shortline.Silo;

/// <summary>What a silo is, beside the settings that all processes of a cluster share.</summary>
public sealed record SiloHostOptions
{
    /// <summary>Its name in logs and on the dashboard; 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Whether it hosts a gateway too.</summary>
    public bool Gateway { get; init; }

    /// <summary>The cluster it belongs to. Hosts in one process that are to have nothing to do with each other have clusters of their own.</summary>
    public string ClusterId { get; init; } = "dev";

    /// <summary>The TCP port where it hears other silos; Orleans' default. Silos on one machine have one each.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The TCP port where it hears clients of the cluster, which are other processes of ours; Orleans' default.</summary>
    public int ClusterClientPort { get; init; } = 30000;

    /// <summary>Whether its log goes to the console as well as to files.</summary>
    public bool Console { get; init; } = true;
}
