namespace Orleans.Configuration;

/// <summary>A silo's own settings.</summary>
public class SiloOptions
{
    internal const int DefaultPort = 11111;

    /// <summary>The silo's name; made up if unset.</summary>
    public string SiloName { get; set; } = null!;

    /// <summary>Where it hears the other processes of its cluster, if that has any. Tells silos apart in any case.</summary>
    internal int Port { get; set; } = DefaultPort;
}
