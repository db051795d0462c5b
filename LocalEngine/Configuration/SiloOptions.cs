namespace Orleans.Configuration;

/// <summary>A silo's own settings.</summary>
public class SiloOptions
{
    internal const int DefaultPort = 11111;

    /// <summary>The silo's name; made up if unset.</summary>
    public string SiloName { get; set; } = null!;

    /// <summary>Nothing listens there: it tells the silos of a cluster apart, as it would on a network.</summary>
    internal int Port { get; set; } = DefaultPort;
}
