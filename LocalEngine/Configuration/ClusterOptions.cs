namespace Orleans.Configuration;

/// <summary>Which cluster a silo or client belongs to.</summary>
public class ClusterOptions
{
    /// <summary>The cluster unless told otherwise.</summary>
    public const string DefaultClusterId = "default";

    /// <summary>The service unless told otherwise.</summary>
    public const string DefaultServiceId = "default";

    /// <summary>Silos and clients with the same one belong together.</summary>
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>The service; stored state belongs to it.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;
}
