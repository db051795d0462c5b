namespace Orleans.Configuration;

/// <summary>Which cluster a silo or client belongs to.</summary>
public class ClusterOptions
{
    /// <summary>Silos and clients with the same one belong together.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>Whether it has silos in other processes.</summary>
    internal bool SpansProcesses { get; set; }
}
